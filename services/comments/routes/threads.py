"""Threads as the gateway reads them."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping

from services.comments.deps import NotifiesDep
from services.comments.domain.followed import FollowedPost
from services.comments.queries.threads import live_counts, thread_page
from services.comments.schemas.comments import CountsOut, ThreadOut
from services.comments.schemas.views import comment_out
from services.common.cursors import decode_bytes, encode_bytes
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
) -> ThreadOut:
    """Nothing of a post that is not live, or whose comments are hidden."""
    after = None if cursor is None else decode_bytes(cursor)
    async with database.read() as reads:
        rows = await thread_page(reads, int(post_id), after, limit)
        counts = await live_counts(reads, {int(post_id), *map(int, count_of)})
    if rows and not _is_shown(rows[0], post_version):
        counted = _counts_of(count_of, counts)
        return ThreadOut(count=0, items=[], next_cursor=None, counts=counted, notifies=notifies)
    return ThreadOut(
        count=counts[int(post_id)],
        items=[comment_out(row) for row in rows[:limit]],
        next_cursor=encode_bytes(rows[limit - 1]["order_key"]) if len(rows) > limit else None,
        counts=_counts_of(count_of, counts),
        notifies=notifies,
    )


def _is_shown(row: RowMapping, seen_version: int | None) -> bool:
    if row["post_version"] is None:
        return True
    return FollowedPost(bool(row["post_is_live"]), row["post_policy"], row["post_version"]).shows_thread(seen_version)


def _counts_of(post_ids: Sequence[str], counts: Mapping[int, int]) -> dict[str, int]:
    return {str(one): counts[int(one)] for one in post_ids}


@router.get("/counts")
async def get_counts(post_id: CountOf, database: DatabaseDep) -> CountsOut:
    async with database.read() as reads:
        counts = await live_counts(reads, {*map(int, post_id)})
    return CountsOut(counts={str(one): count for one, count in counts.items()})
