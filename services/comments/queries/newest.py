"""The newest comments of all threads that are shown, or of one, whatever lies between them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import RowMapping, and_, func, literal, select

from services.comments.queries.threads import COMMENT
from services.comments.tables import comments, followed_posts, threads
from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.common.paging import keyset

_STEPS: Final = (500, 500, 500, 500)
"""How far a page looks on, behind what it looked at first, when nothing of that is shown."""
_IS_SHOWN: Final = and_(followed_posts.c.is_live == 1, followed_posts.c.policy != "hidden")
_PARENT = comments.alias("parents")


class NewestPage(Struct, frozen=True):
    """`next_after` is where to go on, None at the end. There may be fewer rows than the limit, or none, before it."""

    rows: Sequence[RowMapping]
    next_after: TimeCursor | None


async def newest_page(reads: Reads, post_id: int | None, cursor: TimeCursor | None, limit: int) -> NewestPage:
    """Live comments of posts that are live and show their threads, with `post_id` and `parent_has_place`."""
    found: list[RowMapping] = []
    place = cursor
    for step in (limit + 1, *_STEPS):
        walked = await _walk(reads, post_id, place, step)
        found += [row for row in walked if row["shown_post_id"] is not None]
        if len(found) > limit:
            place = _place(found[limit - 1])
            break
        place = _place(walked[-1]) if len(walked) == step else None
        if place is None:
            break
    return NewestPage(await _comments(reads, [row["id"] for row in found[:limit]]), place)


async def shown_counts(reads: Reads, post_ids: Collection[int]) -> Mapping[int, int]:
    """Live comments by post, of those posts that are live and show their threads."""
    rows = await reads.execute(
        select(followed_posts.c.post_id, func.coalesce(threads.c.live_count, 0).label("live_count"))
        .join(threads, threads.c.post_id == followed_posts.c.post_id, isouter=True)
        .where(followed_posts.c.post_id.in_(post_ids), _IS_SHOWN)
        .order_by(followed_posts.c.post_id)
    )
    return {row.post_id: row.live_count for row in rows}


async def _walk(reads: Reads, post_id: int | None, cursor: TimeCursor | None, count: int) -> Sequence[RowMapping]:
    """So many live comments after a place, with `shown_post_id` where they are shown; of one post only such."""
    query: Any = (
        select(comments.c.id, comments.c.published_at, followed_posts.c.post_id.label("shown_post_id"))
        .join(followed_posts, and_(followed_posts.c.post_id == comments.c.post_id, _IS_SHOWN), isouter=post_id is None)
        .where(comments.c.state == "live")
    )
    if post_id is not None:
        query = query.where(comments.c.post_id == post_id)
    order, place = (comments.c.published_at, comments.c.id), None
    if cursor is not None:
        place = (literal(cursor.at, comments.c.published_at.type), literal(cursor.row_id, comments.c.id.type))
    return (await reads.execute(keyset(query, order, place, count - 1))).mappings().all()


async def _comments(reads: Reads, comment_ids: Collection[int]) -> Sequence[RowMapping]:
    query = (
        select(*COMMENT, comments.c.post_id, _PARENT.c.has_place.label("parent_has_place"))
        .join(_PARENT, _PARENT.c.id == comments.c.parent_id, isouter=True)
        .where(comments.c.id.in_(comment_ids))
        .order_by(comments.c.published_at.desc(), comments.c.id.desc())
    )
    return (await reads.execute(query)).mappings().all()


def _place(row: RowMapping) -> TimeCursor:
    return TimeCursor(row["published_at"], row["id"])
