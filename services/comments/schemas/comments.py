"""A comment as it is written, a thread as it is read."""

from datetime import datetime
from typing import Annotated, Self

from msgspec import Struct, field
from pydantic import Field, model_validator

from services.comments.domain.proofs import MAX_CHARS
from services.comments.domain.store import State
from services.comments.schemas.common import AuthorName, Body, Email, Website
from services.common.ids import Id, IdOut
from services.common.models import Input, Output


class NewComment(Input):
    body: Body
    author_name: AuthorName | None = None
    author_url: Website | None = None
    parent_id: Id | None = None
    email: Email | None = None
    notify: bool = False


class CommentOut(Struct):
    """A deleted comment keeps its place in the thread, without its author, its text and its votes. These are 0 as well
    while the blog takes none.
    """

    id: str
    parent_id: str | None
    depth: int
    state: State
    author_name: str | None
    author_url: str | None
    body_html: str
    published: datetime
    edited: datetime | None
    votes: int


class PlacedCommentOut(CommentOut):
    """`cursor` gives the page of the thread that begins with this comment, in either order."""

    cursor: str


class ChallengeOut(Struct):
    """As ALTCHA's clients take it."""

    algorithm: str
    challenge: str
    max_number: int = field(name="maxNumber")
    salt: str
    signature: str


class WrittenOut(Struct):
    """A stored comment and how many places its thread has now.

    `edit_token` changes it until `editable_until`; a solution of `challenge`, if there is one, shows it.
    """

    comment: PlacedCommentOut
    shown_count: int
    edit_token: str
    editable_until: datetime
    challenge: ChallengeOut | None


class CommentPatch(Input):
    """What is left out stays as it is."""

    body: Body = ""
    author_name: AuthorName | None = None
    author_url: Website | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one field")
        return self


class OwnCommentOut(Output):
    """A comment as its author wrote it."""

    id: IdOut
    post_id: IdOut
    body: str
    author_name: str | None
    author_url: str | None
    editable_until: datetime


class EditedOut(Struct):
    comment: PlacedCommentOut
    challenge: ChallengeOut | None


class Proof(Input):
    """`altcha` is what ALTCHA's clients send: base64 of JSON."""

    altcha: Annotated[str, Field(max_length=MAX_CHARS)]


class CountsOut(Output):
    counts: dict[str, int]
