"""Batches of another system's content. What is wrong with one item is said of that item, the rest goes in."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.ids import Id
from services.common.instants import InstantIn
from services.common.models import Input
from services.common.text import FileText, Line
from services.gateway.schemas.common import CommentPolicy

Source = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        pattern=r"^[\w:.-]+$",
        description="Names the foreign blog. With `source_id` it makes an import repeatable.",
        examples=["blogger:1234567890"],
    ),
]
SourceId = Annotated[Line, Field(min_length=1, max_length=200)]


class ImportedBlog(Input):
    """Taken only while nobody has set the blog up."""

    title: Annotated[FileText | None, Field(examples=["The Pennick Tide"])] = None
    description: FileText | None = None
    locale: FileText | None = None
    time_zone: FileText | None = None


class ImportedAuthor(Input):
    source_id: FileText
    name: FileText
    url: FileText | None = None


class ImportedLink(Input):
    headline: FileText
    url: FileText


class ImportedPost(Input):
    source_id: SourceId
    kind: Literal["post", "page"]
    state: Literal["draft", "scheduled", "live", "trashed"]
    title: FileText
    body: FileText
    body_format: Literal["html", "markdown"]
    published: InstantIn | None
    updated: InstantIn | None = None
    path: FileText | None = None
    author: ImportedAuthor | None = None
    labels: tuple[FileText, ...] = ()
    comment_policy: CommentPolicy = "open"
    related_links: tuple[ImportedLink, ...] = ()


class PostBatch(Input):
    source: Source
    posts: Annotated[list[ImportedPost], Field(max_length=100)]


class ImportedComment(Input):
    """`post_id` is Dateline's id of the post. Parents come before their replies, in this batch or an earlier one."""

    source_id: SourceId
    post_id: Id
    parent_source_id: SourceId | None = None
    state: Literal["live", "held", "spam", "removed", "deleted"]
    author_name: FileText | None = None
    author_url: FileText | None = None
    body: FileText
    body_format: Literal["text", "html"]
    published: InstantIn
    edited: InstantIn | None = None
    has_place: bool = True


class CommentBatch(Input):
    source: Source
    comments: Annotated[list[ImportedComment], Field(max_length=500)]


class SoughtPosts(Input):
    """Posts in any state, by a path that they have or had, and by id."""

    paths: Annotated[tuple[FileText, ...], Field(max_length=500, examples=[["/2024/02/low-water.html"]])] = ()
    ids: Annotated[tuple[Id, ...], Field(max_length=500)] = ()


class BlogOutcome(BaseModel):
    outcome: Literal["set", "unchanged"]
    notes: list[str]


class PostOutcome(BaseModel):
    """`notes` say what could not be kept as it was, or why it was refused."""

    source_id: str
    outcome: Literal["created", "unchanged", "refused"]
    id: str | None
    path: FileText | None
    notes: list[str]


class PostOutcomes(BaseModel):
    results: list[PostOutcome]


class FoundPost(BaseModel):
    """`path` is the one that was asked for, null for a post that was asked for by id."""

    path: FileText | None
    id: str


class FoundPosts(BaseModel):
    """What was not found is not named."""

    results: list[FoundPost]


class CommentOutcome(BaseModel):
    source_id: str
    outcome: Literal["created", "unchanged", "refused"]
    id: str | None
    notes: list[str]


class CommentOutcomes(BaseModel):
    results: list[CommentOutcome]
