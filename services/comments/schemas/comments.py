"""A comment as it is written, a thread as it is read."""

from datetime import datetime

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


class CommentOut(Output):
    """A deleted comment keeps its place in the thread, without its author and its text.

    `cursor` gives the page of the thread that begins with this comment.
    """

    id: IdOut
    parent_id: str | None
    depth: int
    state: State
    author_name: str | None
    author_url: str | None
    body_html: str
    published: datetime
    edited: datetime | None
    cursor: str


class WrittenOut(Output):
    """A stored comment and how many places its thread has now."""

    comment: CommentOut
    shown_count: int


class ThreadOut(Output):
    """One page of a thread, and the counts that were asked for by the way.

    `notifies`: whether authors of comments can be told of replies.
    """

    count: int
    items: list[CommentOut]
    next_cursor: str | None
    counts: dict[str, int]
    notifies: bool


class CountsOut(Output):
    counts: dict[str, int]
