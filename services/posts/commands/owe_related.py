"""Remembers posts that changed, in the transaction that changes them, for the job that relates posts."""

from collections.abc import Collection

from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql, sqlite

from services.common.database import Writes
from services.common.sqltypes import Int64
from services.posts.related_tables import related_owed
from services.posts.tables import post_labels

Owing = sqlite.Insert | postgresql.Insert


async def owe_related(writes: Writes, post_ids: Collection[int]) -> None:
    """What is owed already is owed once more, so that it is read again if it is being read right now."""
    if post_ids:
        rows = [{"post_id": post_id, "marks": 1} for post_id in sorted(post_ids)]
        await writes.execute(_again(_owing(writes)), rows)


async def owe_posts_of_label(writes: Writes, label_id: int) -> None:
    """Live ones."""
    bearing = select(post_labels.c.post_id, literal(1, Int64)).where(
        post_labels.c.label_id == label_id, post_labels.c.live_at.is_not(None)
    )
    await writes.execute(_again(_owing(writes).from_select(["post_id", "marks"], bearing)))


def _owing(writes: Writes) -> Owing:
    on_postgresql = writes.dialect.name == "postgresql"
    return postgresql.insert(related_owed) if on_postgresql else sqlite.insert(related_owed)


def _again(owing: Owing) -> Owing:
    return owing.on_conflict_do_update(index_elements=["post_id"], set_={"marks": related_owed.c.marks + 1})
