"""A post as it is written and as the writer gets it back."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.common.ids import IdOut
from services.common.instants import InstantIn
from services.common.models import Input, Output
from services.common.text import Text
from services.posts.domain.bodies import MAX_MARKDOWN_CHARS, BodyFormat
from services.posts.domain.store import CommentPolicy, Kind, State
from services.posts.schemas.common import (
    MAX_BODY_CHARS,
    MAX_LABELS,
    MAX_LINKS,
    Label,
    LinkIn,
    Path,
    Title,
)

Body = Annotated[Text, Field(max_length=MAX_BODY_CHARS)]
Markdown = Annotated[Text, Field(max_length=MAX_MARKDOWN_CHARS)]


class NewPost(Input):
    title: Title
    body_html: Body | None = None
    body_markdown: Markdown | None = None
    labels: Annotated[tuple[Label, ...], Field(max_length=MAX_LABELS)] = ()
    published: InstantIn | None = None
    related_links: Annotated[tuple[LinkIn, ...], Field(max_length=MAX_LINKS)] = ()
    comment_policy: CommentPolicy = "open"
    path: Path | None = None
    state: Literal["live", "draft"] = "live"

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.body_html is None) == (self.body_markdown is None):
            raise ValueError("give either body_html or body_markdown")
        return self

    @property
    def body(self) -> tuple[str, BodyFormat]:
        if self.body_html is not None:
            return self.body_html, "html"
        return self.body_markdown or "", "markdown"


class LinkOut(Output):
    headline: str
    url: str


class PostOut(Output):
    id: IdOut
    kind: Kind
    state: State
    title: str
    path: str | None
    published: datetime | None
    updated: datetime
    labels: list[str]
    body_html: str
    body_source: str
    body_format: BodyFormat
    excerpt: str
    related_links: list[LinkOut]
    comment_policy: CommentPolicy
    version: int
