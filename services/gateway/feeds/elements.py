"""What Atom feeds (RFC 4287) are made of."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from lxml import etree

from services.gateway.clients.models import Blog

ATOM: Final = "http://www.w3.org/2005/Atom"
THREADS: Final = "http://purl.org/syndication/thread/1.0"
NAMESPACES: Final[Any] = {None: ATOM, "thr": THREADS}  # lxml-stubs knows no default namespace
# What XML 1.0 cannot hold (2.2), written in whatever way.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(blog: Blog, title: str, links: Mapping[str, str], updated: datetime) -> Any:
    """A feed without entries. `links` are URLs by their relation."""
    root = element("feed")
    root.extend(
        [
            text("id", links["self"]),
            text("title", title),
            text("subtitle", blog.description),
            text("updated", updated.isoformat()),
            text("generator", "Dateline"),
            *(link(relation, url) for relation, url in links.items()),
            # entries without an author have the feed's (4.1.1)
            author(blog.title, None),
        ]
    )
    return root


def written(root: Any) -> bytes:
    as_bytes: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return as_bytes


def element(name: str, namespace: str = ATOM, **attributes: str) -> Any:
    clean = {key: without_control(value) for key, value in attributes.items()}
    return etree.Element(f"{{{namespace}}}{name}", clean, nsmap=NAMESPACES)


def text(name: str, said: str, **attributes: str) -> Any:
    made = element(name, **attributes)
    made.text = without_control(said)
    return made


def link(relation: str, url: str) -> Any:
    media_type = "text/html" if relation == "alternate" else "application/atom+xml"
    return element("link", rel=relation, href=url, type=media_type)


def author(name: str, url: str | None) -> Any:
    made = element("author")
    made.append(text("name", name))
    if url is not None:
        made.append(text("uri", url))
    return made


def without_control(said: str) -> str:
    return _NOT_XML.sub("", said)
