"""The moderators' queue and their decisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.common.ids import Id
from services.common.instants import InstantIn
from services.common.problems import NotFound
from services.common.text import Line
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import DECIDED, DECISIONS, QUEUE, example
from services.gateway.parameters import CommentId, Cursor
from services.gateway.responses import OWN_LIST, OWN_READ, WRITE, problem_responses
from services.gateway.schemas.moderation import CommentQueue, CommentState, DecidedList, DecisionList, NewDecision

router = APIRouter(prefix="/api/v1/comments", tags=["moderation"], dependencies=[Depends(json_only)])


@router.get(
    "",
    operation_id="listCommentQueue",
    summary="Comments of one state, newest first; needs comments:moderate",
    responses={200: example(QUEUE), **OWN_LIST},
)
async def list_comments(
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    state: CommentState = "held",
    post_id: Annotated[Id | None, Query(description="Only of this post.")] = None,
    author_name: Annotated[Line | None, Query(max_length=100, description="Only under just this name.")] = None,
    address: Annotated[Line | None, Query(max_length=100, description="Only with this `address_hash`.")] = None,
    q: Annotated[
        Line | None,
        Query(max_length=200, description="In the text, the author's name or website; case does not count."),
    ] = None,
    before: Annotated[InstantIn | None, Query(description="Only older ones.")] = None,
    after: Annotated[InstantIn | None, Query(description="Only of this time or newer.")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> CommentQueue:
    principal.require("comments:moderate")
    names = {"state": state, "post_id": post_id, "author_name": author_name, "address": address, "q": q}
    times = {"before": before and before.isoformat(), "after": after and after.isoformat()}
    params = names | times | {"cursor": cursor, "limit": limit}
    return await forwarder.read_comments("/comments", principal, CommentQueue, params)


@router.post(
    "/decisions",
    operation_id="decideComments",
    summary="Approve, remove or restore comments, or mark them as spam; needs comments:moderate",
    responses={200: example(DECIDED), **WRITE},
)
async def decide_comments(given: NewDecision, forwarder: ForwarderDep, principal: PrincipalDep) -> DecidedList:
    principal.require("comments:moderate")
    return await forwarder.to_comments("/comments/decisions", given, principal, DecidedList)


@router.get(
    "/{comment_id}/decisions",
    operation_id="listDecisions",
    summary="Who decided what about a comment, newest first; needs comments:moderate",
    responses={200: example(DECISIONS), **OWN_READ, **problem_responses(NotFound)},
)
async def list_decisions(comment_id: CommentId, forwarder: ForwarderDep, principal: PrincipalDep) -> DecisionList:
    principal.require("comments:moderate")
    return await forwarder.read_comments(f"/comments/{comment_id}/decisions", principal, DecisionList)
