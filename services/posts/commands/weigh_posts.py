"""Gives posts the weights of their words, and files them under the heaviest."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from services.common.database import Database, Writes
from services.posts.commands.related_turn import take_turn
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.vectors import POSTED, Frequencies, Vector, packed_labels, packed_terms, weighed
from services.posts.queries.related_index import frequencies, languages, the_state, unweighed_docs
from services.posts.related_tables import related_docs, related_postings, related_vectors

_BATCH: Final = 100


async def weigh_posts(database: Database) -> int:
    """Weighs a batch of one language; returns how many."""
    async with database.read() as reads:
        state, docs = await the_state(reads), await unweighed_docs(reads, _BATCH)
        if not docs:
            return 0
        lang = next(iter(docs.values())).lang
        generation = (await languages(reads))[lang]["generation"]
        of = await frequencies(reads, lang, [doc.vector for doc in docs.values()])
    batch = await asyncio.to_thread(_weigh, state, generation, list(docs.values()), of)
    await database.write(batch.store)
    return len(docs)


@dataclass(frozen=True, slots=True)
class _Weighed:
    state: RowMapping
    vectors: Sequence[dict[str, Any]]
    docs: Sequence[dict[str, Any]]
    postings: Sequence[dict[str, Any]]
    dropped: Sequence[dict[str, Any]]

    async def store(self, writes: Writes) -> None:
        await take_turn(writes, self.state)
        mine = update(related_vectors).where(related_vectors.c.doc == bindparam("of"))
        anew = mine.values(terms=bindparam("new_terms"), labels=bindparam("new_labels"))
        await writes.execute(anew, self.vectors)
        known = update(related_docs).where(related_docs.c.doc == bindparam("of"))
        await writes.execute(known.values(generation=bindparam("now"), wants=2), self.docs)
        if self.dropped:
            posted = related_postings.c.term == bindparam("of"), related_postings.c.doc == bindparam("in")
            await writes.execute(delete(related_postings).where(*posted), self.dropped)
        if self.postings:
            await self._post(writes)

    async def _post(self, writes: Writes) -> None:
        dialect = postgresql if writes.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(related_postings)
        newer = {"weight": statement.excluded.weight}
        await writes.execute(statement.on_conflict_do_update(index_elements=["term", "doc"], set_=newer), self.postings)


def _weigh(state: RowMapping, generation: int, docs: Sequence[Doc], of: Frequencies) -> _Weighed:
    now = {doc.doc: weighed(doc.vector, of) for doc in docs}
    before = {doc.doc: doc.vector.heaviest(POSTED) for doc in docs}
    after = {doc: vector.heaviest(POSTED) for doc, vector in now.items()}
    return _Weighed(
        state,
        [_vector_row(doc, vector) for doc, vector in now.items()],
        [{"of": doc, "now": generation} for doc in now],
        sorted(_postings(before, after), key=lambda row: (row["term"], row["doc"])),
        [{"of": term, "in": doc} for doc, terms in before.items() for term in terms.keys() - after[doc].keys()],
    )


def _vector_row(doc: int, vector: Vector) -> dict[str, Any]:
    return {"of": doc, "new_terms": packed_terms(vector), "new_labels": packed_labels(vector)}


def _postings(before: Mapping[int, Mapping[int, int]], after: Mapping[int, Mapping[int, int]]) -> list[dict[str, Any]]:
    """Those that are not as they were, near each other in the order of the table."""
    return [
        {"term": term, "doc": doc, "weight": weight}
        for doc, terms in after.items()
        for term, weight in terms.items()
        if before[doc].get(term) != weight
    ]
