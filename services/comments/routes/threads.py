"""Threads as the gateway reads them, comments as readers write them."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.comments.commands.create_comment import create_comment, render_new_comment
from services.comments.errors import ParentNotFound
from services.comments.queries.threads import comment_by_id, live_counts, shown_count, thread_page
from services.comments.schemas.comments import CountsOut, NewComment, ThreadOut, WrittenOut
from services.comments.schemas.views import comment_out
from services.common.cursors import decode_bytes, encode_bytes
from services.common.database import Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.ids import Id

MAX_PAGE = 200
MAX_COUNTS = 500
router = APIRouter()

CountOf = Annotated[list[Id], Query(max_length=MAX_COUNTS)]


@router.get("/threads/{post_id}")
async def get_thread(
    post_id: Id,
    database: DatabaseDep,
    count_of: CountOf = [],  # noqa: B006 FastAPI copies it
    cursor: Annotated[str | None, Query(max_length=1100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
) -> ThreadOut:
    after = None if cursor is None else decode_bytes(cursor)
    async with database.read() as reads:
        rows = await thread_page(reads, int(post_id), after, limit)
        counts = await live_counts(reads, {int(post_id), *map(int, count_of)})
    return ThreadOut(
        count=counts[int(post_id)],
        items=[comment_out(row) for row in rows[:limit]],
        next_cursor=encode_bytes(rows[limit - 1]["order_key"]) if len(rows) > limit else None,
        counts={str(other): counts[int(other)] for other in count_of},
    )


@router.get("/counts")
async def get_counts(post_id: CountOf, database: DatabaseDep) -> CountsOut:
    async with database.read() as reads:
        counts = await live_counts(reads, {*map(int, post_id)})
    return CountsOut(counts={str(one): count for one, count in counts.items()})


@router.post("/threads/{post_id}/comments", status_code=201)
async def write_comment(
    post_id: Id, new: NewComment, database: DatabaseDep, ids: IdsDep, clock: ClockDep
) -> WrittenOut:
    """The caller has made sure that the post is live and takes comments."""
    body = render_new_comment(new)

    async def work(writes: Writes) -> WrittenOut:
        comment_id = await create_comment(writes, int(post_id), new, body, ids=ids, now=clock())
        row = await comment_by_id(writes, comment_id)
        if row is None:
            raise ParentNotFound
        return WrittenOut(comment=comment_out(row), shown_count=await shown_count(writes, int(post_id)))

    return await database.write(work)
