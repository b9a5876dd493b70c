"""Tells what a file is, from its beginning, and reads the head of a Blogger export."""

import html
import re
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from lxml.etree import _Element
from msgspec import Struct

from services.common.mendable import MendableError
from services.migration.blogger.atom import ATOM, ENTRY
from services.migration.xml_files.beginning import found_instead
from services.migration.xml_files.fields import tag_of, text_of
from services.migration.xml_files.parser import Parse, open_xml

TAKEOUT: Final = "http://schemas.google.com/blogger/2018"
EXPECTED: Final = "Expected a Blogger backup (blog-MM-DD-YYYY.xml) or the feed.atom of a Google Takeout"


class NotABloggerExport(MendableError, ValueError):  # noqa: N818 it says what the file is
    """The file is neither a classic backup nor a Takeout feed; the message says what was found instead."""

    def __init__(self, found: str) -> None:
        super().__init__(f"{EXPECTED}, found {found}.")


class Head(Struct, frozen=True):
    """What stands before the first entry. `host` is the blog's own, which only the classic backup tells."""

    form: Literal["classic", "takeout"]
    blog_id: str
    title: str
    host: str | None


def recognise(file: Path) -> Head:
    if found := found_instead(file):
        raise NotABloggerExport(found)
    root, first = _root_and_first_entry(file)
    if root is None or tag_of(root) != f"{ATOM}feed":
        raise NotABloggerExport(f"an XML file that is not an Atom feed ({_root_name(root)})")
    try:
        return _head(root, first)
    except UnicodeDecodeError as error:
        raise NotABloggerExport("an Atom feed whose id and title are not text") from error


def _root_and_first_entry(file: Path) -> tuple[_Element | None, _Element | None]:
    """The root with all that stands before the first entry, and that entry, which may not be whole yet."""
    root = None
    with open_xml(file) as stream:
        for element in Parse(stream, events=("start",)).elements():
            root = element if root is None else root
            if element.tag == ENTRY:
                return root, element
    return root, None


def _root_name(root: _Element | None) -> str:
    return f"its root is <{tag_of(root).rpartition('}')[2]}>" if root is not None else "it has no root"


def _head(root: _Element, first: _Element | None) -> Head:
    feed_id = text_of(root, f"{ATOM}id")
    blog = re.search(r"blog-([0-9]+)(\.archive)?$", feed_id)
    namespaces = {*root.nsmap.values(), *(first.nsmap.values() if first is not None else ())}
    title = text_of(root, f"{ATOM}title")
    if blog and TAKEOUT in namespaces:
        return Head("takeout", blog[1], html.unescape(title), None)
    if blog and blog[2]:
        return Head("classic", blog[1], title, _host(root))
    raise NotABloggerExport(f"another Atom feed (its id is {feed_id[:80]!r})")


def _host(root: _Element) -> str | None:
    links = (link.get("href", "") for link in root.findall(f"{ATOM}link") if link.get("rel") == "alternate")
    return next((host for link in links if (host := host_of(link))), None)


def host_of(url: str) -> str | None:
    """The host of an absolute http(s) URL, with its port when it has one, in lower case."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2].lower()
    return host if parts.scheme in {"http", "https"} and host else None
