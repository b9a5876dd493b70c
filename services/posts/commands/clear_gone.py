"""Takes posts that are no longer live out of the lists that they stand in, some lists at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import delete

from services.common.changes import append_changes
from services.common.clock import Clock
from services.common.database import Database, Reads, Writes
from services.posts.commands.list_related import PUT_OFF, TAKE_OUT
from services.posts.commands.related_changes import lists_changed
from services.posts.commands.related_turn import take_turn
from services.posts.domain.related.choice import SHOWN
from services.posts.queries.related_docs import Row, docs_by_number, gone_doc, lists_with
from services.posts.queries.related_index import the_state
from services.posts.related_tables import related_docs, related_lists
from services.posts.tables import changes

_BATCH: Final = 50


async def clear_gone(database: Database, clock: Clock) -> int:
    """Clears a batch of lists of one post; says whether there was one. What follows in a list moves up."""
    found = await database.look(_gone)
    if found is None:
        return 0
    await database.write(partial(found.clear, clock=clock))
    return 1


@dataclass(frozen=True, slots=True)
class _Gone:
    """`shown` are the posts on whose pages it stands."""

    state: Row
    doc: int
    lists: Sequence[int]
    shown: Sequence[int]

    async def clear(self, writes: Writes, clock: Clock) -> None:
        await take_turn(writes, self.state)
        await TAKE_OUT.many(writes, [{"of": one, "with": self.doc} for one in self.lists])
        await PUT_OFF.many(writes, [{"of": one} for one in self.lists])
        if len(self.lists) < _BATCH:
            await writes.execute(delete(related_lists).where(related_lists.c.doc == self.doc))
            await writes.execute(delete(related_docs).where(related_docs.c.doc == self.doc))
        await append_changes(writes, changes, lists_changed(self.state["turn"], self.shown), clock())


async def _gone(reads: Reads) -> _Gone | None:
    gone = await gone_doc(reads)
    if gone is None:
        return None
    rows = await lists_with(reads, [gone], _BATCH)
    docs = await docs_by_number(reads, [row["doc"] for row in rows if row["place"] <= SHOWN])
    shown = [doc.post_id for doc in docs.values() if doc.post_id is not None]
    return _Gone(await the_state(reads), gone, [row["doc"] for row in rows], shown)
