"""The composed page and list, part by part: what programs get as JSON and what templates show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ThreadStatus = Literal["open", "closed", "hidden", "unavailable"]


class Composed(BaseModel):
    """What article pages are made of by the dozen are dataclasses, which are made more quickly."""

    model_config = ConfigDict(defer_build=True, frozen=True)


@dataclass(slots=True)
class Author:
    id: str
    name: str
    url: str | None


@dataclass(slots=True)
class Reason:
    """Why a computed link is there: a label that both articles bear, or a word that both use much."""

    kind: Literal["label", "term"]
    text: str


@dataclass(slots=True)
class RelatedLink:
    """`article_id`, `published` and `comment_count` are null for other sites; the count also while it is unknown.

    `kind`: an editor picked it for the article, or pinned it among the computed ones; the texts of both are linked;
    or it was computed, for the `reasons`.
    """

    headline: str
    url: str
    kind: Literal["picked", "pinned", "linked", "computed"]
    article_id: str | None
    published: datetime | None
    comment_count: int | None
    reasons: list[Reason]


class Share(Composed):
    """A term or a label that both articles have: its weight in each, of 1 in all, and the product."""

    text: str
    weight: float
    other_weight: float
    product: float


class Explanation(Composed):
    """What a score is made of: `words * (1 + labels + date)`. The terms and labels are those that add most."""

    score: float
    words: Annotated[float, Field(description="How alike the words of both are, from 0 to 1.")]
    labels: Annotated[float, Field(description="How alike their labels are, from 0 to 0.3.")]
    date: Annotated[float, Field(description="How near their dates are, from 0 to 0.3.")]
    days: int
    terms: list[Share]
    shared_labels: list[Share]


@dataclass(slots=True)
class ListedRelated(RelatedLink):
    """`explanation` of a computed one, where it was asked for."""

    explanation: Explanation | None


class RelatedList(Composed):
    items: list[ListedRelated]


@dataclass(slots=True)
class CommentAuthor:
    """Null `name`: the commenter gave none."""

    name: str | None
    url: str | None


@dataclass(slots=True)
class Comment:
    """A deleted comment keeps its place for the replies below it, without author and text. One that is `held`, which
    only its author is shown, waits for a moderator.
    """

    id: str
    parent_id: str | None
    depth: Annotated[int, Field(description="0 for comments on the article itself, at most 64.")]
    author: CommentAuthor
    body_html: str
    published: datetime
    edited: datetime | None
    votes: Annotated[int, Field(description="0 while the blog takes none.")]
    deleted: bool
    held: bool


@dataclass(slots=True)
class Challenge:
    """As ALTCHA's clients take it: find the number, up to `maxNumber`, whose SHA-256 behind `salt` is `challenge`."""

    algorithm: str
    challenge: str
    maxNumber: int  # noqa: N815 as they name it
    salt: str
    signature: str


@dataclass(slots=True)
class EditedComment(Comment):
    """A solution of `challenge`, if there is one, shows a comment that waits."""

    challenge: Challenge | None


@dataclass(slots=True)
class WrittenComment(EditedComment):
    """`edit_token` changes and deletes the comment until `editable_until`."""

    edit_token: str
    editable_until: datetime


@dataclass(slots=True)
class Comments:
    """A page of the thread. While `status` is `unavailable` or `hidden`, `count` is null and `items` tells nothing.

    `is_open`: whether the article takes new comments. `takes_votes`: whether its comments take votes. `notifies`:
    whether their authors can be told of replies.
    """

    status: ThreadStatus
    is_open: bool
    takes_votes: bool
    count: int | None
    count_line: str | None
    items: list[Comment]
    next_cursor: str | None
    notifies: bool


class CommentedArticle(Composed):
    id: str
    path: str
    url: str
    title: str


class NewestComment(Composed):
    """`url` leads to the comment on the page where it stands."""

    comment: Comment
    article: CommentedArticle
    url: str


class NewestCommentList(Composed):
    items: list[NewestComment]
    next_cursor: str | None


class CommentCounts(Composed):
    """By article id, without those that are not live or hide their threads."""

    counts: dict[str, int]


@dataclass(slots=True)
class Neighbour:
    title: str
    path: str
    url: str


@dataclass(slots=True)
class Fragment:
    """A piece of text, and whether it is what was searched for."""

    text: str
    is_match: bool


@dataclass(slots=True)
class ListedArticle:
    """An article as lists show it. `comment_count` is null where comments are hidden or unavailable.

    `body_html` is null unless `include=body`, `snippet` unless `q` has words; joined, its fragments are text.
    """

    id: str
    path: str
    url: str
    title: str
    date_header: str | None
    published: datetime
    updated: datetime
    author: Author | None
    labels: list[str]
    excerpt: str
    comment_count: int | None
    body_html: str | None
    snippet: list[Fragment] | None


@dataclass(slots=True)
class ArticleList:
    items: list[ListedArticle]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(slots=True)
class ArticlePage:
    """A whole article page. `date_header` is the day in the blog's zone and locale; null for static pages."""

    id: str
    path: str
    url: str
    title: str
    date_header: str | None
    published: datetime
    updated: datetime
    author: Author | None
    labels: list[str]
    body_html: str
    excerpt: str
    related: list[RelatedLink]
    comments: Comments
    previous: Neighbour | None
    next: Neighbour | None
