"""Takes posts that are no longer live out of the lists that they stand in, some lists at a time."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from sqlalchemy import RowMapping, delete, update

from services.common.clock import Clock
from services.common.database import Database, Writes
from services.posts.commands.list_related import AT_NIGHT
from services.posts.commands.related_changes import tell_of_lists
from services.posts.commands.related_turn import take_turn
from services.posts.domain.related.choice import SHOWN
from services.posts.queries.related_index import docs_by_number, gone_doc, lists_with, the_state
from services.posts.related_tables import related_docs, related_lists

_BATCH: Final = 50


async def clear_gone(database: Database, clock: Clock) -> int:
    """Clears a batch of lists of one post; says whether there was one. What follows in a list moves up."""
    async with database.read() as reads:
        state, gone = await the_state(reads), await gone_doc(reads)
        if gone is None:
            return 0
        rows = await lists_with(reads, [gone], _BATCH)
        docs = await docs_by_number(reads, [row["doc"] for row in rows])
    post_ids = {doc.doc: doc.post_id for doc in docs.values() if doc.post_id is not None}
    await database.write(partial(_clear, state=state, gone=gone, rows=rows, post_ids=post_ids, clock=clock))
    return 1


async def _clear(
    writes: Writes, state: RowMapping, gone: int, rows: Sequence[RowMapping], post_ids: Mapping[int, int], clock: Clock
) -> None:
    await take_turn(writes, state)
    lists = [row["doc"] for row in rows]
    stood = related_lists.c.other == gone, related_lists.c.doc.in_(lists)
    await writes.execute(delete(related_lists).where(*stood))
    shorter = related_docs.c.doc.in_(lists), related_docs.c.wants == 0
    await writes.execute(update(related_docs).where(*shorter).values(wants=AT_NIGHT))
    if len(rows) < _BATCH:
        await writes.execute(delete(related_lists).where(related_lists.c.doc == gone))
        await writes.execute(delete(related_docs).where(related_docs.c.doc == gone))
    shown = [post_ids[row["doc"]] for row in rows if row["doc"] in post_ids and row["place"] <= SHOWN]
    await tell_of_lists(writes, state["turn"], shown, list(post_ids.values()), clock())
