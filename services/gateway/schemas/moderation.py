"""Comments as moderators see them, and what they decide."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.ids import Id
from services.common.models import Input

CommentState = Literal["live", "held", "spam", "removed", "deleted"]
DecisionAction = Literal["approve", "spam", "remove", "restore"]


class Decision(BaseModel):
    """`made_by` is `operator` or `key:ID`."""

    action: DecisionAction
    was: CommentState
    became: CommentState
    made_by: str
    made_at: datetime


class QueuedComment(BaseModel):
    """A comment in any state; `reasons` say why it was not shown at once, `decision` is the latest about it.

    `address_hash` is the same for comments from one network, for a time; null of imported ones.
    """

    id: str
    post_id: str
    parent_id: str | None
    state: CommentState
    author_name: str | None
    author_url: str | None
    body_html: str
    published: datetime
    edited: datetime | None
    votes: int
    address_hash: str | None
    reasons: list[str]
    decision: Decision | None


class CommentQueue(BaseModel):
    items: list[QueuedComment]
    next_cursor: str | None
    previous_cursor: str | None


class NewDecision(Input):
    """`restore` takes the last decision about each comment back, for thirty days."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=100, examples=[["912677723929504799"]])]
    action: DecisionAction


class Decided(BaseModel):
    """`unchanged`: it was so already, its author deleted it, or nothing is left to take back."""

    id: str
    outcome: Literal["changed", "unchanged", "unknown"]
    state: CommentState | None


class DecidedList(BaseModel):
    results: list[Decided]


class DecisionList(BaseModel):
    items: list[Decision]
