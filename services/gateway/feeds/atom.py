"""Writes Atom feeds of articles, with the number of their comments (RFC 4685)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from services.gateway.clients.models import Blog
from services.gateway.compose.model import ListedArticle
from services.gateway.feeds.elements import THREADS, author, element, feed, link, text, written

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Struct, frozen=True):
    """`links` are URLs by their relation. Entries hold whole bodies when it is full, else excerpts."""

    blog: Blog
    articles: Sequence[ListedArticle]
    title: str
    links: Mapping[str, str]
    is_full: bool


def atom_feed(made_of: Feed) -> bytes:
    updated = max(map(_updated, made_of.articles), default=NEVER)
    root = feed(made_of.blog, made_of.title, made_of.links, updated)
    root.extend(_entry(article, full=made_of.is_full) for article in made_of.articles)
    return written(root)


def _entry(article: ListedArticle, *, full: bool) -> Any:
    entry = element("entry")
    entry.append(text("id", f"urn:dateline:post:{article.id}"))
    entry.append(text("title", article.title or article.path))
    entry.append(text("published", article.published.isoformat()))
    entry.append(text("updated", _updated(article).isoformat()))
    entry.append(link("alternate", article.url))
    if article.author is not None:
        entry.append(author(article.author.name, article.author.url))
    entry.extend(element("category", term=label) for label in article.labels)
    if full and article.body_html is not None:
        entry.append(text("content", article.body_html, type="html"))
    else:
        entry.append(text("summary", article.excerpt))
    if article.comment_count is not None:
        total = element("total", THREADS)
        total.text = str(article.comment_count)
        entry.append(total)
    return entry


def _updated(article: ListedArticle) -> datetime:
    """Its publication is news as well, however long ago it was written."""
    return max(article.updated, article.published)
