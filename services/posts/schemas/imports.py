"""Batches of posts from another system. Fields are loose: what is wrong with one post is said of that post."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.ids import Id, IdOut
from services.common.instants import InstantIn
from services.common.models import Input, Output
from services.common.text import FileText, Line
from services.posts.domain.bodies import BodyFormat
from services.posts.domain.store import CommentPolicy, Kind, State

MAX_BATCH = 100
MAX_SOUGHT = 500
Source = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w:.-]+$")]
SourceId = Annotated[Line, Field(min_length=1, max_length=200)]


class ImportedBlog(Input):
    """Set only where nobody has set the blog up yet; None leaves what is there."""

    title: str | None = None
    description: str | None = None
    locale: str | None = None
    time_zone: str | None = None


class ImportedAuthor(Input):
    source_id: str
    name: str
    url: str | None = None


class ImportedLink(Input):
    headline: str
    url: str


class ImportedPost(Input):
    source_id: SourceId
    kind: Kind
    state: State
    title: str
    body: str
    body_format: BodyFormat
    published: InstantIn | None
    updated: InstantIn | None = None
    path: str | None = None
    author: ImportedAuthor | None = None
    labels: tuple[str, ...] = ()
    comment_policy: CommentPolicy = "open"
    related_links: tuple[ImportedLink, ...] = ()


class PostBatch(Input):
    source: Source
    posts: Annotated[tuple[ImportedPost, ...], Field(max_length=MAX_BATCH)]


class ImportedOut(Output):
    """What became of one post; `notes` say what could not be kept as it was."""

    source_id: str
    outcome: Literal["created", "unchanged", "refused"]
    id: IdOut | None
    path: str | None
    notes: list[str]


class BatchOut(Output):
    results: list[ImportedOut]


class SoughtPosts(Input):
    """Posts in any state, by a path that they have or had, and by id."""

    paths: Annotated[tuple[FileText, ...], Field(max_length=MAX_SOUGHT)] = ()
    ids: Annotated[tuple[Id, ...], Field(max_length=MAX_SOUGHT)] = ()


class FoundPostOut(Output):
    """`path` is the one that was asked for, None for a post that was asked for by id."""

    path: str | None
    id: IdOut


class FoundPostsOut(Output):
    results: list[FoundPostOut]


class BlogImportedOut(Output):
    outcome: Literal["set", "unchanged"]
    notes: list[str]
