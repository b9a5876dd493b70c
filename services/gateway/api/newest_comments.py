"""Comments of many articles, for everybody: the newest, and how many there are."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.common.ids import Id
from services.common.problems import Invalid, Unavailable
from services.gateway.compose.model import CommentCounts, NewestCommentList
from services.gateway.compose.newest import newest_comments, shown_counts
from services.gateway.deps import ComposerDep
from services.gateway.examples import COMMENT_COUNTS, NEWEST_COMMENTS, example
from services.gateway.parameters import Cursor
from services.gateway.responses import problem_responses

router = APIRouter(prefix="/api/v1/comments", tags=["comments"])
_ANSWERS = problem_responses(Invalid, Unavailable)


@router.get(
    "/counts",
    operation_id="countComments",
    summary="How many comments many articles have",
    responses={200: example(COMMENT_COUNTS), **_ANSWERS},
)
async def count_comments(
    composer: ComposerDep,
    article_id: Annotated[
        list[Id], Query(min_length=1, max_length=100, description="Up to 100; those without a thread are left out.")
    ],
) -> CommentCounts:
    return CommentCounts(counts=dict(await shown_counts(composer.upstreams, article_id)))


@router.get(
    "/newest",
    operation_id="listNewestComments",
    summary="The newest comments, of the blog or of one article",
    responses={200: example(NEWEST_COMMENTS), **_ANSWERS},
)
async def list_newest_comments(
    composer: ComposerDep,
    article_id: Annotated[Id | None, Query(description="Only under this article.")] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> NewestCommentList:
    """A page may be shorter than its limit, or empty, and still have a cursor that goes on."""
    return (await newest_comments(composer.upstreams, article_id, cursor, limit)).comments
