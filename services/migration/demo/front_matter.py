"""What the demo blog's files hold: the shape of their TOML, and an article as front matter and body."""

import tomllib
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NotRequired, TypedDict, cast

from msgspec import Struct

FENCE = "+++\n"


class AuthorEntry(TypedDict):
    name: str
    url: NotRequired[str]


class BlogEntry(TypedDict):
    title: str
    description: str
    locale: str
    time_zone: str
    authors: dict[str, AuthorEntry]


class LinkEntry(TypedDict):
    headline: str
    url: str


class CommentEntry(TypedDict):
    """A comment's `id` and `parent` are unique within their article only."""

    id: str
    parent: NotRequired[str]
    author_name: NotRequired[str]
    author_url: NotRequired[str]
    published: datetime
    body: str


class ArticleEntry(TypedDict):
    id: str
    kind: Literal["post", "page"]
    state: Literal["draft", "live"]
    title: str
    path: NotRequired[str]
    published: NotRequired[datetime]
    updated: NotRequired[datetime]
    author: str
    labels: NotRequired[list[str]]
    comment_policy: Literal["open", "closed", "hidden"]
    related_links: NotRequired[list[LinkEntry]]
    comments: NotRequired[list[CommentEntry]]


class Article(Struct, frozen=True):
    entry: ArticleEntry
    body: str


def read_articles(files: Iterable[tuple[str, str]]) -> tuple[Article, ...]:
    """Articles of (name, text) pairs in the order of their names, whatever order the folder lists them in."""
    return tuple(parse_article(name, text) for name, text in sorted(files))


def parse_article(name: str, text: str) -> Article:
    """Raises ValueError naming the file when it has no front matter between two `+++` lines, or malformed one."""
    before, opening, rest = text.partition(FENCE)
    front, closing, body = rest.partition("\n" + FENCE)
    if before or not opening or not closing:
        raise ValueError(f"{name}: front matter between two +++ lines is missing")
    try:
        entry = tomllib.loads(front)
    except tomllib.TOMLDecodeError as exc:
        raise ValueError(f"{name}: {exc}") from exc
    return Article(cast("ArticleEntry", entry), body.strip() + "\n")
