"""Votes of readers, who are told apart by their networks."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header

from services.comments.commands.vote import give_vote, take_vote_back
from services.comments.deps import VoterDep
from services.comments.errors import CommentNotFound
from services.comments.queries.votes import votable
from services.comments.schemas.votes import PostOfCommentOut, VoteOut
from services.common.deps import ClockDep, DatabaseDep
from services.common.ids import Id

router = APIRouter(prefix="/comments/{comment_id}")
SeenVersion = Annotated[int | None, Header(alias="X-Dateline-Post-Version", ge=1)]
"""Of the post as the caller has just read it, live."""


@router.get("/post")
async def get_post_of_comment(comment_id: Id, database: DatabaseDep) -> PostOfCommentOut:
    """Of a live one. Whether it is shown is for the caller to see, who then knows the post."""
    async with database.read() as reads:
        row = await votable(reads, int(comment_id))
    if row is None:
        raise CommentNotFound
    return PostOfCommentOut(post_id=row["post_id"])


@router.put("/vote")
async def put_vote(
    comment_id: Id, voter: VoterDep, database: DatabaseDep, clock: ClockDep, seen_version: SeenVersion = None
) -> VoteOut:
    work = partial(give_vote, comment_id=int(comment_id), voter=voter, seen_version=seen_version, now=clock())
    return await database.write(work)


@router.delete("/vote")
async def delete_vote(
    comment_id: Id, voter: VoterDep, database: DatabaseDep, clock: ClockDep, seen_version: SeenVersion = None
) -> VoteOut:
    work = partial(take_vote_back, comment_id=int(comment_id), voter=voter, seen_version=seen_version, now=clock())
    return await database.write(work)
