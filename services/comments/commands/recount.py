"""Counts threads anew, some at a time, while comments go on being written."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import RowMapping, bindparam, update

from services.comments.commands.touched import touched
from services.comments.queries.recount import counted_comments, threads_after, threads_held
from services.comments.tables import changes, threads
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.upsert import insert_missing


class Recounted(Struct, frozen=True):
    """How many threads were counted, how many of them wrongly before; `last` is None when there were none left."""

    last: int | None
    counted: int = 0
    mended: int = 0


async def recount_threads(writes: Writes, after: int, limit: int, now: datetime) -> Recounted:
    """Threads of the posts after an id, up to `limit`."""
    post_ids = await threads_after(writes, after, limit)
    if not post_ids:
        return Recounted(None)
    none = {"live_count": 0, "shown_count": 0, "version": 0}
    await insert_missing(writes, threads, [{"post_id": one} | none for one in post_ids], on="post_id")
    # held first: what is counted by then is stored as well, and what is stored later is counted later
    held = await threads_held(writes, post_ids)
    real = await counted_comments(writes, post_ids)
    wrong = [row for row in held if (row["live_count"], row["shown_count"]) != real[row["post_id"]]]
    await _mend(writes, wrong, real, now)
    return Recounted(post_ids[-1], len(post_ids), len(wrong))


async def _mend(
    writes: Writes, wrong: Sequence[RowMapping], real: Mapping[int, tuple[int, int]], now: datetime
) -> None:
    if not wrong:
        return
    await writes.execute(
        update(threads)
        .where(threads.c.post_id == bindparam("thread"))
        .values(live_count=bindparam("live"), shown_count=bindparam("shown"), version=threads.c.version + 1),
        [
            {"thread": row["post_id"], "live": real[row["post_id"]][0], "shown": real[row["post_id"]][1]}
            for row in wrong
        ],
    )
    mended = [Change("thread.recounted", row["post_id"], row["version"] + 1, touched(row["post_id"])) for row in wrong]
    await append_changes(writes, changes, mended, now)
