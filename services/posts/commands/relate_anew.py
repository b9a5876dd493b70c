"""Has all posts read, weighed and listed anew by the job that relates them, a step at a time.

Lists stay as they are until they are made again. What is owed is kept in rows: whatever interrupts the rebuild, or the
job, what was owed is done.
"""

from typing import Final

from msgspec import Struct
from sqlalchemy import select, update

from services.common.database import Writes
from services.posts.commands.owe_related import owe_related
from services.posts.related_tables import related_languages, related_state
from services.posts.tables import posts

POSTS_A_STEP: Final = 500


class Owed(Struct, frozen=True):
    """How many posts a step owes, and the id to go on after; None when there are no more."""

    count: int
    last: int | None


async def relate_anew(writes: Writes, after: int | None) -> Owed:
    """Before the first step all weights become outdated; units of work that saw them otherwise are begun anew."""
    if after is None:
        await writes.execute(update(related_state).values(turn=related_state.c.turn + 1))
        await writes.execute(update(related_languages).values(generation=related_languages.c.generation + 1))
    # asked for live ones, SQLite sorts all of them at each step
    following = select(posts.c.id, posts.c.state, posts.c.kind).where(posts.c.id > (after or 0))
    rows = (await writes.execute(following.order_by(posts.c.id).limit(POSTS_A_STEP))).all()
    found = [row.id for row in rows if (row.state, row.kind) == ("live", "post")]
    await owe_related(writes, found)
    return Owed(len(found), rows[-1].id if len(rows) == POSTS_A_STEP else None)
