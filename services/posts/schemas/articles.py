"""What the gateway composes an article page and a list from.

Every page is made of dozens of them, and what they hold was checked when it was stored.
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from services.posts.domain.related.told import Kind as RelatedKind
from services.posts.domain.store import CommentPolicy, Kind
from services.posts.schemas.blog import CommentNames, CommentVotes


class BlogOut(Struct):
    title: str
    description: str
    locale: str
    time_zone: str
    posts_per_page: int
    public_url: str
    meta_description: str
    comment_votes: CommentVotes
    comment_names: CommentNames


@dataclass(slots=True)
class AuthorOut:
    """FastAPI knows it as a part of posts."""

    id: str
    name: str
    url: str | None


class NeighbourOut(Struct):
    title: str
    path: str


class PickedOut(Struct):
    """A picked link. `target` is the blog's own live post behind it, if it is one."""

    headline: str
    url: str
    target: "TargetOut | None"


class TargetOut(Struct):
    """`published` in microseconds since 1970: pages have dozens of these, and show the times of none."""

    id: str
    path: str
    title: str
    published: int
    comment_policy: CommentPolicy


class LivePostsOut(Struct):
    blog: BlogOut
    items: list[TargetOut]


class RelatedOut(Struct):
    """`label` and `terms` say what a computed one has in common with the article."""

    kind: RelatedKind
    target: TargetOut
    label: str | None
    terms: list[str]


class ShareOut(Struct):
    """A term or a label that both articles have: its weight in each, and what it adds to their likeness."""

    text: str
    weight: float
    other_weight: float
    product: float


class ExplanationOut(Struct):
    """`score` is `words * (1 + labels + date)`; of `terms` and `shared_labels` those that add most."""

    score: float
    words: float
    labels: float
    date: float
    days: int
    terms: list[ShareOut]
    shared_labels: list[ShareOut]


class RelatedListOut(Struct):
    """`explanations` of computed ones by their ids, where they were asked for."""

    blog: BlogOut
    id: str
    labels: list[str]
    picked: list[PickedOut]
    related: list[RelatedOut]
    related_shown: int | None
    explanations: dict[str, ExplanationOut]


class ArticleOut(Struct):
    blog: BlogOut
    id: str
    version: int
    kind: Kind
    path: str
    title: str
    published: datetime
    updated: datetime
    author: AuthorOut | None
    labels: list[str]
    body_html: str
    excerpt: str
    snippet: None
    comment_policy: CommentPolicy
    picked: list[PickedOut]
    related: list[RelatedOut]
    related_shown: int | None
    previous: NeighbourOut | None
    next: NeighbourOut | None


class FragmentOut(Struct):
    """A piece of text, and whether it is what a search looked for."""

    text: str
    is_match: bool


class ListedOut(Struct):
    """`body_html` with `include=body`, `snippet` in search results; else null."""

    id: str
    path: str
    title: str
    published: datetime
    updated: datetime
    author: AuthorOut | None
    labels: list[str]
    excerpt: str
    comment_policy: CommentPolicy
    body_html: str | None
    snippet: list[FragmentOut] | None


class ListOut(Struct):
    blog: BlogOut
    items: list[ListedOut]
    next_cursor: str | None
    previous_cursor: str | None
