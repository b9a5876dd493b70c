"""Takes posts that are no longer live out of the lists that they stand in, some lists at a time."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import delete

from services.common.database import Database, Reads, Writes
from services.posts.commands.made_lists import PUT_OFF, TAKE_OUT
from services.posts.commands.related_turn import take_turn
from services.posts.queries.related_docs import Row, gone_doc, lists_with
from services.posts.queries.related_index import the_state
from services.posts.related_tables import related_docs, related_lists

_BATCH: Final = 50


async def clear_gone(database: Database) -> int:
    """Clears a batch of lists of one post; says whether there was one. What follows in a list moves up.

    Nobody is told: the write that took the post away did that, and pages have left it out since.
    """
    found = await database.look(_gone)
    if found is None:
        return 0
    await database.write(found.clear)
    return 1


class _Gone(Struct, frozen=True):
    state: Row
    doc: int
    lists: Sequence[int]

    async def clear(self, writes: Writes) -> None:
        await take_turn(writes, self.state)
        await TAKE_OUT.many(writes, [{"of": one, "with": self.doc} for one in self.lists])
        await PUT_OFF.many(writes, [{"of": one} for one in self.lists])
        if len(self.lists) < _BATCH:
            await writes.execute(delete(related_lists).where(related_lists.c.doc == self.doc))
            await writes.execute(delete(related_docs).where(related_docs.c.doc == self.doc))


async def _gone(reads: Reads) -> _Gone | None:
    gone = await gone_doc(reads)
    if gone is None:
        return None
    found = await lists_with(reads, [gone], _BATCH)
    return _Gone(await the_state(reads), gone, [doc for doc, _, _ in found])
