"""Takes posts that are no longer live out of the lists that they stand in, some lists at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy import delete

from services.common.clock import Clock
from services.common.database import Database, Reads, Writes
from services.posts.commands.list_related import PUT_OFF, TAKE_OUT
from services.posts.commands.related_changes import tell_of_lists
from services.posts.commands.related_turn import take_turn
from services.posts.domain.related.choice import SHOWN
from services.posts.queries.related_docs import Row, docs_by_number, gone_doc, lists_with
from services.posts.queries.related_index import the_state
from services.posts.related_tables import related_docs, related_lists

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
    """`shown` are the posts on whose pages it stands, `whole` all that it is related to."""

    state: Row
    doc: int
    lists: Sequence[int]
    shown: Sequence[int]
    whole: Sequence[int]

    async def clear(self, writes: Writes, clock: Clock) -> None:
        await take_turn(writes, self.state)
        await TAKE_OUT.many(writes, [{"of": one, "with": self.doc} for one in self.lists])
        await PUT_OFF.many(writes, [{"of": one} for one in self.lists])
        if len(self.lists) < _BATCH:
            await writes.execute(delete(related_lists).where(related_lists.c.doc == self.doc))
            await writes.execute(delete(related_docs).where(related_docs.c.doc == self.doc))
        await tell_of_lists(writes, self.state["turn"], self.shown, self.whole, clock())


async def _gone(reads: Reads) -> _Gone | None:
    gone = await gone_doc(reads)
    if gone is None:
        return None
    rows = await lists_with(reads, [gone], _BATCH)
    docs = await docs_by_number(reads, [row["doc"] for row in rows])
    post_ids = {number: doc.post_id for number, doc in docs.items() if doc.post_id is not None}
    shown = [post_ids[row["doc"]] for row in rows if row["doc"] in post_ids and row["place"] <= SHOWN]
    return _Gone(await the_state(reads), gone, [row["doc"] for row in rows], shown, [*post_ids.values()])
