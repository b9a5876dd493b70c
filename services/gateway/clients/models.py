"""What the gateway reads of its services' answers; members that it does not know are ignored."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

CommentPolicy = Literal["open", "closed", "hidden"]


class Blog(Struct, frozen=True):
    title: str
    description: str
    locale: str
    time_zone: str
    posts_per_page: int
    public_url: str
    meta_description: str


class Author(Struct, frozen=True):
    id: str
    name: str
    url: str | None


class Target(Struct, frozen=True):
    id: str
    path: str
    title: str
    published: datetime
    comment_policy: CommentPolicy


class Picked(Struct, frozen=True):
    headline: str
    url: str
    target: Target | None


class Computed(Struct, frozen=True):
    target: Target
    labels: list[str]


class Neighbour(Struct, frozen=True):
    title: str
    path: str


class Fragment(Struct, frozen=True):
    text: str
    is_match: bool


class Listed(Struct, frozen=True):
    """`body_html` where it was asked for, `snippet` where words were searched for."""

    id: str
    path: str
    title: str
    published: datetime
    updated: datetime
    author: Author | None
    labels: list[str]
    excerpt: str
    comment_policy: CommentPolicy
    body_html: str | None
    snippet: list[Fragment] | None


class Article(Listed, frozen=True):
    blog: Blog
    version: int
    kind: Literal["post", "page"]
    body_html: str
    picked: list[Picked]
    computed: list[Computed]
    previous: Neighbour | None
    next: Neighbour | None


class ArticleList(Struct, frozen=True):
    blog: Blog
    items: list[Listed]
    next_cursor: str | None
    previous_cursor: str | None


class Moved(Struct, frozen=True):
    """The path that an article has now."""

    path: str


class Commenting(Struct, frozen=True):
    comment_policy: CommentPolicy
    path: str
    version: int


class Comment(Struct, frozen=True):
    id: str
    parent_id: str | None
    depth: int
    state: str
    author_name: str | None
    author_url: str | None
    body_html: str
    published: datetime
    edited: datetime | None
    cursor: str


class Thread(Struct, frozen=True):
    """A page of a thread, its live count, and the counts of other threads.

    `notifies`: whether authors of comments can be told of replies.
    """

    count: int
    items: list[Comment]
    next_cursor: str | None
    counts: dict[str, int]
    notifies: bool


class WrittenComment(Struct, frozen=True):
    """A stored comment and how many places its thread has now."""

    comment: Comment
    shown_count: int


class Counts(Struct, frozen=True):
    counts: dict[str, int]


class OwnAddress(Struct, frozen=True):
    """What the blog's settings say about where it lives."""

    public_url: str | None


class CheckedKey(Struct, frozen=True):
    principal: str
    scopes: list[str]
