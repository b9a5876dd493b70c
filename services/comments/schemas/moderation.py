"""Comments as moderators see them, and what they decide."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.comments.domain.decisions import Action
from services.comments.domain.store import State
from services.common.ids import Id, IdOut
from services.common.models import Input, Output

MAX_DECIDED = 100


class DecisionOut(Output):
    """`made_by` is `operator` or `key:ID`."""

    action: Action
    was: State
    became: State
    made_by: str
    made_at: datetime


class QueuedOut(Output):
    """A comment in whatever state; `reasons` say why it was not shown at once, `decision` is the latest.

    `address_hash` is of its author's network, for as long as its key is kept; null of imported ones.
    """

    id: IdOut
    post_id: IdOut
    parent_id: str | None
    state: State
    author_name: str | None
    author_url: str | None
    body_html: str
    published: datetime
    edited: datetime | None
    votes: int
    address_hash: str | None
    reasons: list[str]
    decision: DecisionOut | None


class QueueOut(Output):
    items: list[QueuedOut]
    next_cursor: str | None
    previous_cursor: str | None


class NewDecision(Input):
    """`restore` takes the last decision about each comment back, for thirty days."""

    ids: Annotated[list[Id], Field(min_length=1, max_length=MAX_DECIDED)]
    action: Action


class DecidedOut(Output):
    id: str
    outcome: Literal["changed", "unchanged", "unknown"]
    state: State | None


class DecidedListOut(Output):
    results: list[DecidedOut]


class DecisionsOut(Output):
    items: list[DecisionOut]
