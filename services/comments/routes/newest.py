"""The newest comments and the numbers of comments, of posts that are known here to be live."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.comments.queries.newest import newest_page, shown_counts
from services.comments.schemas.comments import CountsOut
from services.comments.schemas.newest import NewestCommentOut, NewestOut
from services.comments.schemas.views import comment_out
from services.common.cursors import TimeCursor
from services.common.deps import DatabaseDep
from services.common.hot_routes import json_answer
from services.common.ids import Id

MAX_PAGE = 100
MAX_COUNTS = 100
router = APIRouter()


@router.get("/newest")
async def list_newest(
    database: DatabaseDep,
    post_id: Id | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> Response:
    """A page may be short of the limit, or empty, and have a cursor that goes on."""
    place = None if cursor is None else TimeCursor.decode(cursor)
    async with database.read() as reads:
        page = await newest_page(reads, None if post_id is None else int(post_id), place, limit)
    items = [NewestCommentOut(str(row["post_id"]), comment_out(row)) for row in page.rows]
    return json_answer(NewestOut(items, None if page.next_after is None else page.next_after.encode()))


@router.get("/shown-counts")
async def get_shown_counts(
    post_id: Annotated[list[Id], Query(min_length=1, max_length=MAX_COUNTS)], database: DatabaseDep
) -> CountsOut:
    """What is not live, hides its thread or is unknown is left out."""
    async with database.read() as reads:
        counts = await shown_counts(reads, {int(one) for one in post_id})
    return CountsOut(counts={str(one): count for one, count in counts.items()})
