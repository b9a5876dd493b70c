"""What the gateway reads of its services' answers; members that it does not know are ignored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

CommentPolicy = Literal["open", "closed", "hidden"]
ThreadOrder = Literal["oldest", "newest"]


class Blog(Struct, frozen=True):
    title: str
    description: str
    locale: str
    time_zone: str
    posts_per_page: int
    public_url: str
    meta_description: str
    comment_votes: Literal["off", "on"]
    comment_names: Literal["optional", "required"]


class Author(Struct, frozen=True):
    id: str
    name: str
    url: str | None


class Target(Struct, frozen=True):
    """`published` in microseconds since 1970."""

    id: str
    path: str
    title: str
    published: int
    comment_policy: CommentPolicy


class Picked(Struct, frozen=True):
    headline: str
    url: str
    target: Target | None


class Related(Struct, frozen=True):
    """A live post that posts relates: `label` and `terms` say what a computed one has in common with the article."""

    kind: Literal["pinned", "linked", "computed"]
    target: Target
    label: str | None
    terms: list[str]


class Share(Struct, frozen=True):
    """A term or a label that two articles have, with its weight in each."""

    text: str
    weight: float
    other_weight: float
    product: float


class Explanation(Struct, frozen=True):
    score: float
    words: float
    labels: float
    date: float
    days: int
    terms: list[Share]
    shared_labels: list[Share]


class RelatedList(Struct, frozen=True):
    """`explanations` of computed ones by their ids, where they were asked for."""

    blog: Blog
    id: str
    labels: list[str]
    picked: list[Picked]
    related: list[Related]
    related_shown: int | None
    explanations: dict[str, Explanation]


class LivePosts(Struct, frozen=True):
    blog: Blog
    items: list[Target]


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
    related: list[Related]
    related_shown: int | None
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


class _Said(Struct, frozen=True):
    id: str
    parent_id: str | None
    depth: int
    state: str
    author_name: str | None
    author_url: str | None
    body_html: str


class Comment(_Said, frozen=True):
    published: datetime
    edited: datetime | None
    votes: int


class ThreadComment(_Said, frozen=True, array_like=True):
    """A comment as threads have it, in this order; times are microseconds since 1970."""

    published: int
    edited: int | None
    votes: int


class PlacedComment(Comment, frozen=True):
    """`cursor` gives the page of the thread that begins with it."""

    cursor: str


class Thread(Struct, frozen=True):
    """A page of a thread, its live count, and the counts of other threads. `cursor`: where the page begins, None for
    the beginning of the thread. `notifies`: whether authors of comments can be told of replies.
    """

    count: int
    items: list[ThreadComment]
    cursor: str | None
    next_cursor: str | None
    counts: dict[str, int]
    notifies: bool


class Challenge(Struct, frozen=True):
    algorithm: str
    challenge: str
    max_number: int = field(name="maxNumber")
    salt: str
    signature: str


class WrittenComment(Struct, frozen=True):
    """A stored comment and how many places its thread has now."""

    comment: PlacedComment
    shown_count: int
    edit_token: str
    editable_until: datetime
    challenge: Challenge | None


class SentComment(Struct, frozen=True):
    """A comment as its reader sent it, `body` in JSON; the post's version and policy as they have just been read.

    `seconds`: how long its reader waits.
    """

    post_id: int
    body: str
    request_id: str
    seconds: float
    principal: str
    scopes: Sequence[str]
    address: str | None
    form_facts: Sequence[str]
    idempotency_key: str | None
    post_version: int
    post_policy: CommentPolicy


class SentOutcome(Struct, frozen=True):
    """What became of one: a comment and what it touches, or a problem with its headers."""

    status: int
    written: WrittenComment | None
    touches: list[str]
    problem: dict[str, Any] | None
    headers: dict[str, str]


class EditedComment(Struct, frozen=True):
    comment: PlacedComment
    challenge: Challenge | None


class OwnComment(Struct, frozen=True):
    """A comment as its author wrote it."""

    id: str
    post_id: str
    body: str
    author_name: str | None
    author_url: str | None
    editable_until: datetime


class NewestComment(Struct, frozen=True):
    post_id: str
    comment: Comment


class NewestComments(Struct, frozen=True):
    items: list[NewestComment]
    next_cursor: str | None


class PostOfComment(Struct, frozen=True):
    post_id: str


class Counts(Struct, frozen=True):
    counts: dict[str, int]


class OwnAddress(Struct, frozen=True):
    """What the blog's settings say about where it lives."""

    public_url: str | None


class CheckedKey(Struct, frozen=True):
    principal: str
    scopes: list[str]


class Paths(Struct, frozen=True):
    """Paths by the ids of their posts."""

    paths: dict[str, str]
