"""Batches of comments from another system. Fields are loose: what is wrong with one comment is said of that one."""

from typing import Annotated, Literal

from pydantic import Field

from services.comments.domain.bodies import BodyFormat
from services.comments.domain.store import State
from services.common.ids import Id, IdOut
from services.common.instants import InstantIn
from services.common.models import Input, Output
from services.common.text import Line

MAX_BATCH = 500
Source = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w:.-]+$")]
SourceId = Annotated[Line, Field(min_length=1, max_length=200)]


class ImportedComment(Input):
    """`post_id` is Dateline's id of the post; parents come before their replies, in this batch or an earlier one."""

    source_id: SourceId
    post_id: Id
    parent_source_id: SourceId | None = None
    state: State
    author_name: str | None = None
    author_url: str | None = None
    body: str
    body_format: BodyFormat
    published: InstantIn
    edited: InstantIn | None = None
    has_place: bool = True


class CommentBatch(Input):
    source: Source
    comments: Annotated[tuple[ImportedComment, ...], Field(max_length=MAX_BATCH)]


class ImportedOut(Output):
    """What became of one comment; `notes` say what could not be kept as it was."""

    source_id: str
    outcome: Literal["created", "unchanged", "refused"]
    id: IdOut | None
    notes: list[str]


class BatchOut(Output):
    results: list[ImportedOut]
