"""Gives posts the weights of their words, and files them under the heaviest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from sqlalchemy import Executable, LargeBinary, bindparam, update

from services.common.apart import apart
from services.common.database import Database, Reads, Writes
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.common.upsert import insert_on
from services.posts.commands.count_words import counted
from services.posts.commands.related_turn import take_turn
from services.posts.commands.store_intake import TAKE_BACK
from services.posts.domain.related.docs import Doc, Intake
from services.posts.domain.related.vectors import POSTED, Frequencies, packed_labels, packed_terms, weighed
from services.posts.queries.related_docs import Row, unweighed_docs
from services.posts.queries.related_index import frequencies, languages, the_state
from services.posts.queries.related_progress import SOON
from services.posts.related_tables import related_docs, related_postings, related_vectors

WEIGHED_AT_ONCE: Final = 100


async def weigh_posts(database: Database) -> int:
    """Weighs a batch of one language; returns how many."""
    found = await database.look(_begun)
    if found is None:
        return 0
    state, weights = found

    async def store(writes: Writes) -> None:
        await take_turn(writes, state)
        await weights.store(writes)

    await database.write(store)
    return len(weights.docs)


async def _begun(reads: Reads) -> "tuple[Row, Weights] | None":
    docs = await unweighed_docs(reads, WEIGHED_AT_ONCE)
    if not docs:
        return None
    lang = next(iter(docs.values())).lang
    language = (await languages(reads))[lang]
    of = await frequencies(reads, lang, language["posts"], [doc.vector for doc in docs.values()])
    weights = await apart(reads, partial(weights_of, docs.values(), of, language["generation"]))
    return await the_state(reads), weights


@dataclass(frozen=True, slots=True)
class Weights:
    """What is to be written of posts that are stored already."""

    docs: Sequence[Doc]
    of: Frequencies
    postings: Sequence[dict[str, Any]]
    dropped: Sequence[dict[str, Any]]

    async def store(self, writes: Writes) -> None:
        await _VECTORS.many(writes, [_vector_row(doc) for doc in self.docs])
        await _DOCS.many(writes, [{"of": doc.doc, "now": doc.generation} for doc in self.docs])
        await TAKE_BACK.many(writes, self.dropped)
        await _POST.many(writes, self.postings)


async def weights_at_once(
    reads: Reads, intake: Intake, known: Mapping[str, Row], counts: Mapping[int, int]
) -> list[Weights]:
    """By the words as they will be counted. Where all of a language are weighed anew, these wait with them."""
    found = list[Weights]()
    for lang in sorted({doc.lang for doc in intake.unweighed}):
        if lang not in known or counted(known[lang], intake.posts[lang])["generation"] != known[lang]["generation"]:
            continue
        docs = [doc for doc in intake.unweighed if doc.lang == lang]
        before = await frequencies(reads, lang, known[lang]["posts"], [doc.vector for doc in docs], counts)
        found.append(weights_of(docs, intake.frequencies(lang, before), known[lang]["generation"]))
    return found


def weights_of(docs: Collection[Doc], of: Frequencies, generation: int) -> Weights:
    """Of docs of one language."""
    now = [replace(doc, vector=weighed(doc.vector, of), generation=generation, wants=SOON) for doc in docs]
    before = {doc.doc: doc.vector.heaviest(POSTED) if doc.generation else {} for doc in docs}
    after = {doc.doc: doc.vector.heaviest(POSTED) for doc in now}
    return Weights(
        now,
        of,
        sorted(_postings(before, after), key=lambda row: (row["term"], row["doc"])),
        [{"of": term, "in": doc} for doc, terms in before.items() for term in terms.keys() - after[doc].keys()],
    )


def _vector_row(doc: Doc) -> dict[str, Any]:
    return {"of": doc.doc, "new_terms": packed_terms(doc.vector), "new_labels": packed_labels(doc.vector)}


def _postings(before: Mapping[int, Mapping[int, int]], after: Mapping[int, Mapping[int, int]]) -> list[dict[str, Any]]:
    """Those that are not as they were, near each other in the order of the table."""
    return [
        {"term": term, "doc": doc, "weight": weight}
        for doc, terms in after.items()
        for term, weight in terms.items()
        if before[doc].get(term) != weight
    ]


def _post(dialect: str) -> Executable:
    given = {column.name: bindparam(column.name, type_=column.type) for column in related_postings.c}
    statement = insert_on(dialect)(related_postings).values(given)
    newer = {"weight": statement.excluded.weight}
    posted: Executable = statement.on_conflict_do_update(index_elements=["term", "doc"], set_=newer)
    return posted


_OF: Final = bindparam("of", type_=Int64)
_POST: Final = Prepared(_post)
_VECTORS: Final = Prepared(
    lambda _: (
        update(related_vectors)
        .where(related_vectors.c.doc == _OF)
        .values(terms=bindparam("new_terms", type_=LargeBinary), labels=bindparam("new_labels", type_=LargeBinary))
    )
)
_DOCS: Final = Prepared(
    lambda _: update(related_docs).where(related_docs.c.doc == _OF).values(generation=bindparam("now"), wants=SOON)
)
