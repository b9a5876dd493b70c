"""Threads as the gateway reads them."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping

from services.comments.deps import NotifiesDep
from services.comments.domain.followed import FollowedPost
from services.comments.domain.thread_cursor import Order, ThreadCursor
from services.comments.queries.followed import known_threads
from services.comments.queries.thread_pages import ThreadPage, page_that_shows, thread_page
from services.comments.queries.threads import live_counts
from services.comments.schemas.comments import CountsOut, ThreadOut
from services.comments.schemas.views import comment_out
from services.common.deps import DatabaseDep
from services.common.ids import Id

MAX_PAGE = 200
MAX_COUNTS = 500
router = APIRouter()

PostVersion = Annotated[int | None, Query(ge=1)]
"""Of the post as the caller has just read it, live: what is followed here may be older."""
CountOf = Annotated[list[Id], Query(max_length=MAX_COUNTS)]


@router.get("/threads/{post_id}")
async def get_thread(
    post_id: Id,
    database: DatabaseDep,
    notifies: NotifiesDep,
    count_of: CountOf = [],  # noqa: B006 FastAPI copies it
    cursor: Annotated[str | None, Query(max_length=1100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
    post_version: PostVersion = None,
    order: Order = "oldest",
    show: Id | None = None,
) -> ThreadOut:
    """Nothing of a post that is not live, or whose comments are hidden. `show`: the page with this comment."""
    place = None if cursor is None else ThreadCursor.decode(cursor)
    async with database.read() as reads:
        page = await thread_page(reads, int(post_id), order, place, limit)
        if show is not None:
            page = await page_that_shows(reads, int(post_id), order, page, int(show), limit)
        known = await known_threads(reads, {int(post_id), *map(int, count_of)})
    others = {one: _count(known.get(int(one))) for one in count_of}
    mine = known.get(int(post_id))
    if mine is not None and not _is_shown(mine, post_version):
        return ThreadOut(count=0, items=[], cursor=cursor, next_cursor=None, counts=others, notifies=notifies)
    return _thread_out(page, _count(mine), others, notifies=notifies)


def _thread_out(page: ThreadPage, count: int, others: dict[str, int], *, notifies: bool) -> ThreadOut:
    return ThreadOut(
        count=count,
        items=[comment_out(row) for row in page.rows],
        cursor=None if page.cursor is None else page.cursor.encode(),
        next_cursor=None if page.next_cursor is None else page.next_cursor.encode(),
        counts=others,
        notifies=notifies,
    )


def _count(thread: RowMapping | None) -> int:
    return 0 if thread is None else int(thread["live_count"])


def _is_shown(row: RowMapping, seen_version: int | None) -> bool:
    if row["version"] is None:
        return True
    return FollowedPost(bool(row["is_live"]), row["policy"], row["version"]).shows_thread(seen_version)


@router.get("/counts")
async def get_counts(post_id: CountOf, database: DatabaseDep) -> CountsOut:
    async with database.read() as reads:
        counts = await live_counts(reads, {*map(int, post_id)})
    return CountsOut(counts={str(one): count for one, count in counts.items()})
