"""Writes Atom feeds (RFC 4287) of articles, with the number of their comments (RFC 4685)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree

from services.gateway.clients.models import Blog
from services.gateway.compose.model import ListedArticle

_ATOM: Final = "http://www.w3.org/2005/Atom"
_THREADS: Final = "http://purl.org/syndication/thread/1.0"
_NAMESPACES: Final[Any] = {None: _ATOM, "thr": _THREADS}  # lxml-stubs knows no default namespace
# What XML 1.0 cannot hold (2.2), written in whatever way.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Feed:
    """`links` are URLs by their relation. Entries hold whole bodies when it is full, else excerpts."""

    blog: Blog
    articles: Sequence[ListedArticle]
    title: str
    links: Mapping[str, str]
    is_full: bool


def atom_feed(feed: Feed) -> bytes:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)
    root.extend(_head(feed))
    root.extend(_entry(article, full=feed.is_full) for article in feed.articles)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _head(feed: Feed) -> list[Any]:
    return [
        _text("id", feed.links["self"]),
        _text("title", feed.title),
        _text("subtitle", feed.blog.description),
        _text("updated", max(map(_updated, feed.articles), default=_NEVER).isoformat()),
        _text("generator", "Dateline"),
        *(_link(relation, url) for relation, url in feed.links.items()),
        # entries without an author have the feed's (4.1.1)
        _author(feed.blog.title, None),
    ]


def _entry(article: ListedArticle, *, full: bool) -> Any:
    entry = etree.Element(f"{{{_ATOM}}}entry", nsmap=_NAMESPACES)
    entry.append(_text("id", f"urn:dateline:post:{article.id}"))
    entry.append(_text("title", article.title or article.path))
    entry.append(_text("published", article.published.isoformat()))
    entry.append(_text("updated", _updated(article).isoformat()))
    entry.append(_link("alternate", article.url))
    if article.author is not None:
        entry.append(_author(article.author.name, article.author.url))
    for label in article.labels:
        etree.SubElement(entry, f"{{{_ATOM}}}category", term=_clean(label))
    if full and article.body_html is not None:
        entry.append(_text("content", article.body_html, type="html"))
    else:
        entry.append(_text("summary", article.excerpt))
    if article.comment_count is not None:
        total = etree.SubElement(entry, f"{{{_THREADS}}}total")
        total.text = str(article.comment_count)
    return entry


def _updated(article: ListedArticle) -> datetime:
    """Its publication is news as well, however long ago it was written."""
    return max(article.updated, article.published)


def _text(name: str, text: str, **attributes: str) -> Any:
    element = etree.Element(f"{{{_ATOM}}}{name}", attributes, nsmap=_NAMESPACES)
    element.text = _clean(text)
    return element


def _link(relation: str, url: str) -> Any:
    media_type = "text/html" if relation == "alternate" else "application/atom+xml"
    return etree.Element(f"{{{_ATOM}}}link", rel=relation, href=_clean(url), type=media_type, nsmap=_NAMESPACES)


def _author(name: str, url: str | None) -> Any:
    author = etree.Element(f"{{{_ATOM}}}author", nsmap=_NAMESPACES)
    author.append(_text("name", name))
    if url is not None:
        author.append(_text("uri", url))
    return author


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)
