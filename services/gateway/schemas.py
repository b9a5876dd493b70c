"""What programs send, and what they get back where that is not a composed page."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from services.common.ids import Id
from services.common.instants import InstantIn
from services.common.models import Input
from services.common.text import Line, Text

CommentPolicy = Annotated[
    Literal["open", "closed", "hidden"],
    Field(description="`open`; `closed`: the thread stays, without a form; `hidden`: no thread at all."),
]
Scope = Literal["posts:read-drafts", "posts:write", "posts:publish", "comments:moderate", "import:run", "keys:admin"]
Label = Annotated[Line, Field(min_length=1, max_length=100)]


class NewLink(Input):
    """A picked related link: a URL of anywhere, or a path of the blog."""

    headline: Annotated[Line, Field(min_length=1, max_length=300)]
    url: Annotated[Line, Field(max_length=2000, examples=["/2024/02/four-knots-worth-knowing-by-heart.html"])]


class NewPost(Input):
    """Either `body_html` or `body_markdown`. `published` in the future schedules the post."""

    title: Annotated[Line, Field(max_length=500, examples=["Four Knots Worth Knowing by Heart"])]
    body_html: Annotated[Text, Field(max_length=1_000_000)] | None = None
    body_markdown: Annotated[Text, Field(max_length=300_000)] | None = None
    labels: Annotated[tuple[Label, ...], Field(max_length=20)] = ()
    published: Annotated[InstantIn | None, Field(description="Defaults to now; needs an offset.")] = None
    related_links: Annotated[tuple[NewLink, ...], Field(max_length=20)] = ()
    comment_policy: CommentPolicy = "open"
    path: Annotated[str | None, Field(max_length=1024, description="Defaults to /YYYY/MM/slug.html.")] = None
    state: Annotated[Literal["live", "draft"], Field(description="A draft is seen by nobody.")] = "live"

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.body_html is None) == (self.body_markdown is None):
            raise ValueError("give either body_html or body_markdown")
        return self


class Link(BaseModel):
    headline: str
    url: str


class StoredPost(BaseModel):
    """A post as the posts service answers with it."""

    id: str
    kind: Literal["post", "page"]
    state: Literal["draft", "scheduled", "live", "trashed"]
    title: str
    path: str | None
    published: datetime | None
    updated: datetime
    labels: list[str]
    body_html: str
    body_source: str
    body_format: Literal["html", "markdown"]
    excerpt: str
    related_links: list[Link]
    comment_policy: CommentPolicy
    version: int


class Post(StoredPost):
    """A post as its writer gets it. `path` and `url` are null while a draft has none."""

    url: str | None


class NewComment(Input):
    """`body` is text: paragraphs, links, `code` and quotes are recognised, HTML is not."""

    body: Annotated[Text, Field(max_length=5000, examples=["The third knot has saved my tent twice."])]
    author_name: Annotated[Line, Field(max_length=100)] | None = None
    author_url: Annotated[Line, Field(max_length=500, examples=["https://example.org/"])] | None = None
    parent_id: Annotated[Id | None, Field(description="The comment that this one answers.")] = None


class NewKey(Input):
    scopes: Annotated[list[Scope], Field(min_length=1, examples=[["posts:write", "posts:publish"]])]
    note: Annotated[Line, Field(max_length=200, description="Whose key it is, for people.")] = ""
    expires: InstantIn | None = None


class Key(BaseModel):
    """`key` is shown this once."""

    id: str
    key: str
    scopes: list[Scope]
    note: str
    created: datetime
    expires: datetime | None
