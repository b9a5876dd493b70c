"""Keeps the places of deleted comments true to what stands below them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, literal, select, update

from services.comments.commands.store_comments import Counted, count_in_threads
from services.comments.commands.touched import touched
from services.comments.domain.thread_order import keys_above
from services.comments.queries.threads import has_place_below
from services.comments.tables import changes, comments
from services.common.changes import Change, append_changes
from services.common.database import Reads, Writes

_MOST_ABOVE: Final = 200
"""Replies at the greatest depth may answer each other without end."""


async def settle_places(writes: Writes, turned: RowMapping, now: datetime) -> None:
    """What it means for the deleted comments above one that came to be shown, or ceased to be.

    A place goes with the last reply below it, and comes back with one.
    """
    for row in await _deleted_above(writes, turned["parent_id"], turned["order_key"]):
        has_place = await has_place_below(writes, row["post_id"], row["order_key"])
        if has_place != bool(row["has_place"]):
            await _settle(writes, row, has_place=has_place, now=now)


async def _deleted_above(reads: Reads, parent_id: int | None, order_key: bytes) -> Sequence[RowMapping]:
    """The nearest first. By what answers what, because no index leads from keys to what has no place."""
    if parent_id is None:
        return []
    walk = select(comments.c.id, comments.c.parent_id, literal(1).label("level")).where(comments.c.id == parent_id)
    up = walk.cte("up", recursive=True)
    further = select(comments.c.id, comments.c.parent_id, up.c.level + 1)
    up = up.union_all(further.where(comments.c.id == up.c.parent_id, up.c.level < _MOST_ABOVE))
    above = comments.c.id.in_(select(up.c.id)), comments.c.order_key.in_(keys_above(order_key))
    query = select(comments).where(*above, comments.c.state == "deleted").order_by(comments.c.order_key.desc())
    return (await reads.execute(query)).mappings().all()


async def _settle(writes: Writes, row: RowMapping, *, has_place: bool, now: datetime) -> None:
    await count_in_threads(writes, [Counted(row["post_id"], 0, 1 if has_place else -1)])
    settled = update(comments).where(comments.c.id == row["id"])
    await writes.execute(settled.values(has_place=int(has_place), version=row["version"] + 1))
    change = Change("comment.deleted", row["id"], row["version"] + 1, touched(row["post_id"]))
    await append_changes(writes, changes, [change], now)
