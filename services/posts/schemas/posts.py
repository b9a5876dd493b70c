"""A post as it is written and as the writer gets it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.common.ids import Id, IdOut
from services.common.instants import InstantIn
from services.common.models import Input, Output
from services.common.text import Text
from services.posts.domain.bodies import MAX_MARKDOWN_CHARS, BodyFormat
from services.posts.domain.store import CommentPolicy, Kind, State
from services.posts.schemas.articles import AuthorOut
from services.posts.schemas.common import (
    MAX_BODY_CHARS,
    MAX_LABELS,
    MAX_LINKS,
    Label,
    LinkIn,
    Path,
    Title,
)

HtmlBody = Annotated[Text, Field(max_length=MAX_BODY_CHARS)]
MarkdownBody = Annotated[Text, Field(max_length=MAX_MARKDOWN_CHARS)]
Labels = Annotated[tuple[Label, ...], Field(max_length=MAX_LABELS)]
Links = Annotated[tuple[LinkIn, ...], Field(max_length=MAX_LINKS)]


@dataclass(frozen=True, slots=True)
class BodyIn:
    """A body as its author wrote it."""

    source: str
    body_format: BodyFormat


class _Fields(Input):
    body_html: HtmlBody | None = None
    body_markdown: MarkdownBody | None = None
    labels: Labels = ()
    published: InstantIn | None = None
    related_links: Links = ()
    comment_policy: CommentPolicy | None = None
    author_id: Id | None = None
    path: Path | None = None

    def _bodies(self) -> list[BodyIn]:
        given: list[tuple[str | None, BodyFormat]] = [(self.body_html, "html"), (self.body_markdown, "markdown")]
        return [BodyIn(source, body_format) for source, body_format in given if source is not None]


class NewPost(_Fields):
    """Without `comment_policy` the blog's own holds."""

    title: Title
    kind: Kind = "post"
    state: Literal["live", "draft"] = "live"

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if len(self._bodies()) != 1:
            raise ValueError("give either body_html or body_markdown")
        return self

    @property
    def body(self) -> BodyIn:
        return self._bodies()[0]


class PostReplacement(_Fields):
    """What is not given becomes what it is in a new post; but path, date and state stay."""

    title: Title
    state: Literal["live", "draft"] | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if len(self._bodies()) != 1:
            raise ValueError("give either body_html or body_markdown")
        return self

    @property
    def body(self) -> BodyIn | None:
        return self._bodies()[0]

    @property
    def given(self) -> set[str]:
        kept = {name for name in ("path", "published", "state") if getattr(self, name) is None}
        return set(type(self).model_fields) - kept


class PostPatch(_Fields):
    """What is not given stays as it is. A path can be changed, not taken away."""

    title: Title = ""
    path: Path = ""
    state: Literal["live", "draft"] = "draft"

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one member to change")
        if len(self._bodies()) > 1:
            raise ValueError("give either body_html or body_markdown")
        return self

    @property
    def body(self) -> BodyIn | None:
        return next(iter(self._bodies()), None)

    @property
    def given(self) -> set[str]:
        return self.model_fields_set


class Publication(Input):
    """When to publish; without `published` at the post's own date, else now."""

    published: InstantIn | None = None


class RelatedLinks(Input):
    related_links: Links


class LinkOut(Output):
    """`post_id` is the post behind the link; `url` is null while that has no address."""

    headline: str
    url: str | None
    post_id: IdOut | None


class PostOut(Output):
    id: IdOut
    kind: Kind
    state: State
    title: str
    path: str | None
    url: str | None
    published: datetime | None
    created: datetime
    updated: datetime
    trashed: datetime | None
    author: AuthorOut | None
    labels: list[str]
    body_html: str
    body_source: str
    body_format: BodyFormat
    excerpt: str
    related_links: list[LinkOut]
    comment_policy: CommentPolicy
    version: int


class ListedPostOut(Output):
    """As PostOut; without `include=body` the bodies are left out (null)."""

    id: IdOut
    kind: Kind
    state: State
    title: str
    path: str | None
    url: str | None
    published: datetime | None
    created: datetime
    updated: datetime
    author: AuthorOut | None
    labels: list[str]
    excerpt: str
    comment_policy: CommentPolicy
    version: int
    body_html: str | None


class PostListOut(Output):
    items: list[ListedPostOut]
    next_cursor: str | None
    previous_cursor: str | None
