"""Writes Atom feeds of comments, each with what it answers (RFC 4685)."""

from collections.abc import Mapping
from typing import Any

from services.gateway.clients.models import Blog
from services.gateway.compose.model import NewestComment
from services.gateway.compose.newest import BlogComments
from services.gateway.feeds.atom import NEVER
from services.gateway.feeds.elements import THREADS, author, element, feed, link, text, written


def comments_feed(found: BlogComments, title: str, links: Mapping[str, str]) -> bytes:
    """`links` are URLs by their relation."""
    items = found.comments.items
    updated = max((one.comment.edited or one.comment.published for one in items), default=NEVER)
    root = feed(found.blog, title, links, updated)
    root.extend(map(_entry, items))
    return written(root)


def title_of(blog: Blog, article_title: str | None) -> str:
    return f"{blog.title}: comments" if article_title is None else f"{blog.title}: comments on {article_title}"


def _entry(one: NewestComment) -> Any:
    comment, article = one.comment, one.article
    name = comment.author.name or "Anonymous"
    entry = element("entry")
    entry.append(text("id", _urn("comment", comment.id)))
    entry.append(text("title", f"{name} on {article.title or article.path}"))
    entry.append(text("published", comment.published.isoformat()))
    entry.append(text("updated", (comment.edited or comment.published).isoformat()))
    entry.append(link("alternate", one.url))
    entry.append(author(name, comment.author.url))
    entry.append(text("content", comment.body_html, type="html"))
    entry.append(_answers(_urn("post", article.id), article.url))
    if comment.parent_id is not None:
        entry.append(_answers(_urn("comment", comment.parent_id), f"{article.url}#c{comment.parent_id}"))
    return entry


def _answers(urn: str, url: str) -> Any:
    return element("in-reply-to", THREADS, ref=urn, href=url, type="text/html")


def _urn(kind: str, of: str) -> str:
    return f"urn:dateline:{kind}:{of}"
