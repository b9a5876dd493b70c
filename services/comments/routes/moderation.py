"""The moderators' queue and their decisions."""

import asyncio
import json
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping

from services.comments.commands.decide import Decision, decide
from services.comments.domain.filter.example import Example
from services.comments.domain.filter.scoring import features_of
from services.comments.domain.store import State
from services.comments.errors import CommentNotFound
from services.comments.queries.moderation import decisions_about, last_decisions, texts_of
from services.comments.queries.queue import QueueOptions, queue_page
from services.comments.queries.threads import comment_by_id
from services.comments.schemas.moderation import (
    DecidedListOut,
    DecidedOut,
    DecisionOut,
    DecisionsOut,
    NewDecision,
    QueuedOut,
    QueueOut,
)
from services.common.callers import CallerPrincipal
from services.common.cursors import TimeCursor
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.ids import Id
from services.common.instants import InstantIn
from services.common.text import Line

router = APIRouter()
MAX_PAGE = 100


@router.get("/comments")
async def list_comments(
    principal: CallerPrincipal,
    database: DatabaseDep,
    state: State = "held",
    post_id: Id | None = None,
    author_name: Annotated[str | None, Query(max_length=100)] = None,
    address: Annotated[Line | None, Query(max_length=100)] = None,
    q: Annotated[Line | None, Query(max_length=200)] = None,
    before: InstantIn | None = None,
    after: InstantIn | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 20,
) -> QueueOut:
    """Of one state, newest first. `address` is a hash as the queue tells it."""
    principal.require("comments:moderate")
    options = QueueOptions(
        state,
        limit,
        post_id=None if post_id is None else int(post_id),
        author_name=author_name,
        address_hash=address,
        text=q or None,
        before=before,
        after=after,
        cursor=None if cursor is None else TimeCursor.decode(cursor),
    )
    async with database.read() as reads:
        page = await queue_page(reads, options)
        decided = await last_decisions(reads, [row["id"] for row in page.rows])
    return QueueOut(
        items=[_queued_out(row, decided.get(row["id"])) for row in page.rows],
        next_cursor=page.next_cursor and page.next_cursor.encode(),
        previous_cursor=page.previous_cursor and page.previous_cursor.encode(),
    )


@router.post("/comments/decisions")
async def decide_comments(
    given: NewDecision, principal: CallerPrincipal, database: DatabaseDep, ids: IdsDep, clock: ClockDep
) -> DecidedListOut:
    principal.require("comments:moderate")
    comment_ids = [int(one) for one in given.ids]
    async with database.read() as reads:
        texts = await texts_of(reads, comment_ids)
    features = await asyncio.to_thread(lambda: {row["id"]: features_of(_example(row)) for row in texts})
    decision = Decision(comment_ids, given.action, principal.name, clock(), features)
    done = await database.write(partial(decide, decision=decision, ids=ids))
    return DecidedListOut(results=[_decided_out(one, done.get(one)) for one in comment_ids])


@router.get("/comments/{comment_id}/decisions")
async def list_decisions(comment_id: Id, principal: CallerPrincipal, database: DatabaseDep) -> DecisionsOut:
    """Newest first."""
    principal.require("comments:moderate")
    async with database.read() as reads:
        if await comment_by_id(reads, int(comment_id)) is None:
            raise CommentNotFound
        rows = await decisions_about(reads, int(comment_id))
    return DecisionsOut(items=[_decision_out(row) for row in rows])


def _example(row: RowMapping) -> Example:
    return Example(row["body_source"], row["author_name"], row["author_url"])


def _queued_out(row: RowMapping, decision: RowMapping | None) -> QueuedOut:
    return QueuedOut(
        id=row["id"],
        post_id=row["post_id"],
        parent_id=None if row["parent_id"] is None else str(row["parent_id"]),
        state=row["state"],
        author_name=row["author_name"],
        author_url=row["author_url"],
        body_html=row["body_html"],
        published=row["published_at"],
        edited=row["edited_at"],
        votes=row["votes"],
        address_hash=row["address_hash"],
        reasons=json.loads(row["reasons"]),
        decision=None if decision is None else _decision_out(decision),
    )


def _decision_out(row: RowMapping) -> DecisionOut:
    return DecisionOut(
        action=row["action"], was=row["was"], became=row["became"], made_by=row["made_by"], made_at=row["made_at"]
    )


def _decided_out(comment_id: int, states: tuple[State, State] | None) -> DecidedOut:
    if states is None:
        return DecidedOut(id=str(comment_id), outcome="unknown", state=None)
    was, became = states
    return DecidedOut(id=str(comment_id), outcome="unchanged" if was == became else "changed", state=became)
