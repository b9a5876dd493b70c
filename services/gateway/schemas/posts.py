"""Posts as editors send them and get them back."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.common.ids import Id
from services.common.instants import InstantIn
from services.common.models import Input
from services.common.text import Line, Text
from services.gateway.schemas.common import BodyFormat, CommentPolicy, Kind, Label, State

Title = Annotated[Line, Field(max_length=500, examples=["Four Knots Worth Knowing by Heart"])]


class NewLink(Input):
    """A picked related link: to a post by its id, or to a URL of anywhere or a path of the blog.

    A link to a post of the blog follows the post's path, and its title unless it has a headline of its own.
    """

    headline: Annotated[Line, Field(min_length=1, max_length=300)] | None = None
    url: (
        Annotated[Line, Field(max_length=2000, examples=["/2024/02/four-knots-worth-knowing-by-heart.html"])] | None
    ) = None
    post_id: Id | None = None


Links = Annotated[tuple[NewLink, ...], Field(max_length=20)]


class _Fields(Input):
    body_html: Annotated[Text, Field(max_length=1_000_000)] | None = None
    body_markdown: Annotated[Text, Field(max_length=300_000)] | None = None
    labels: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    published: Annotated[InstantIn | None, Field(description="Needs an offset; in the future it schedules.")] = None
    related_links: Links = ()
    comment_policy: Annotated[CommentPolicy | None, Field(description="Null: the blog's own.")] = None
    author_id: Id | None = None
    path: Annotated[str | None, Field(max_length=1024, description="Defaults to /YYYY/MM/slug.html.")] = None

    def _bodies(self) -> int:
        return sum(body is not None for body in (self.body_html, self.body_markdown))


class NewPost(_Fields):
    """Either `body_html` or `body_markdown`. A jump break, `<!--more-->`, ends the excerpt."""

    title: Title
    kind: Annotated[Kind, Field(description="A `page` stands outside of lists, at /p/slug.html.")] = "post"
    state: Annotated[Literal["live", "draft"], Field(description="A draft is seen by nobody.")] = "live"

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self._bodies() != 1:
            raise ValueError("give either body_html or body_markdown")
        return self


class PostReplacement(_Fields):
    """What is left out becomes what it is in a new post; but path, date and state stay."""

    title: Title
    state: Literal["live", "draft"] | None = None

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self._bodies() != 1:
            raise ValueError("give either body_html or body_markdown")
        return self


class PostPatch(_Fields):
    """What is left out stays as it is. A path can be changed, not taken away."""

    title: Title = ""
    path: Annotated[str, Field(max_length=1024)] = ""
    state: Literal["live", "draft"] = "draft"

    @model_validator(mode="after")
    def _one_body_at_most(self) -> Self:
        if self._bodies() > 1:
            raise ValueError("give either body_html or body_markdown")
        return self


class Publication(Input):
    """`published` in the future schedules. Left out: the post's own date, or now."""

    published: InstantIn | None = None


class PickedLinks(Input):
    related_links: Links


class Link(BaseModel):
    """`post_id` is the blog's own post behind the link; `url` is null while that has no address."""

    headline: str
    url: str | None
    post_id: str | None


class PostAuthor(BaseModel):
    id: str
    name: str
    url: str | None


class ListedPost(BaseModel):
    """`path` and `url` are null while a draft has none, `body_html` unless `include=body`."""

    id: str
    kind: Kind
    state: State
    title: str
    path: str | None
    url: str | None
    published: datetime | None
    created: datetime
    updated: datetime
    author: PostAuthor | None
    labels: list[str]
    excerpt: str
    comment_policy: CommentPolicy
    version: int
    body_html: str | None


class Post(ListedPost):
    """A post as its writer gets it, with the source of its body beside the cleaned rendering."""

    body_html: str
    body_source: str
    body_format: BodyFormat
    trashed: datetime | None
    related_links: list[Link]


class PostList(BaseModel):
    items: list[ListedPost]
    next_cursor: str | None
    previous_cursor: str | None
