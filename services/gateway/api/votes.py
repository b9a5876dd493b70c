"""Votes of readers on comments."""

from fastapi import APIRouter, Depends

from services.common.problems import NotFound
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import VotingDep
from services.gateway.examples import VOTE, example
from services.gateway.parameters import CommentId
from services.gateway.responses import WRITE, problem_responses
from services.gateway.schemas.votes import Vote

router = APIRouter(prefix="/api/v1/comments", tags=["comments"], dependencies=[Depends(json_only)])


@router.put(
    "/{comment_id}/vote",
    operation_id="voteForComment",
    summary="Vote for a comment, once from each network; 409 while the blog takes no votes",
    responses={200: example(VOTE), **WRITE, **problem_responses(NotFound)},
)
async def put_vote(comment_id: CommentId, voting: VotingDep, principal: PrincipalDep) -> Vote:
    return (await voting.give(comment_id, principal)).vote


@router.delete(
    "/{comment_id}/vote",
    operation_id="takeVoteBack",
    summary="Take the vote for a comment back",
    responses={200: example(VOTE | {"voted": False}), **WRITE, **problem_responses(NotFound)},
)
async def delete_vote(comment_id: CommentId, voting: VotingDep, principal: PrincipalDep) -> Vote:
    return (await voting.take_back(comment_id, principal)).vote
