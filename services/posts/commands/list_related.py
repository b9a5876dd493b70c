"""Makes lists of related posts, and puts posts into the lists of those that they have most to do with."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from services.common.clock import Clock
from services.common.database import Database, Reads, Writes
from services.posts.commands.made_lists import MadeLists
from services.posts.commands.related_turn import take_turn
from services.posts.commands.weigh_posts import Weights
from services.posts.queries.related_candidates import docs_near
from services.posts.queries.related_docs import Row, docs_wanting
from services.posts.queries.related_index import languages, the_state
from services.posts.queries.related_progress import SOON

_BATCH: Final = 8


async def list_related(database: Database, clock: Clock, wants: int = SOON) -> int:
    """Makes a batch of lists; returns how many."""
    found = await database.look(partial(_begun, wants=wants))
    if found is None:
        return 0
    state, lists = found

    async def store(writes: Writes) -> None:
        await take_turn(writes, state)
        await lists.store(writes, state["turn"], clock())

    await database.write(store)
    return len(lists.docs)


async def _begun(reads: Reads, wants: int) -> tuple[Row, MadeLists] | None:
    docs = await docs_wanting(reads, wants, _BATCH)
    if not docs:
        return None
    state, near = await the_state(reads), await docs_near(reads, docs, await languages(reads))
    lists = MadeLists.of(docs, near)
    await lists.make(reads)
    return state, lists


async def lists_at_once(reads: Reads, weights: Weights, known: Mapping[str, Row]) -> MadeLists:
    """Of posts of one language that are not stored yet, nor counted in `known`, and not near each other."""
    docs = {doc.doc: doc for doc in weights.docs}
    counted = {doc.lang: {**known[doc.lang], "posts": weights.of.posts} for doc in weights.docs}
    return MadeLists.of(docs, await docs_near(reads, docs, counted, weights.of.terms))
