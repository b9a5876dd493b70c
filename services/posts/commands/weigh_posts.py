"""Gives posts the weights of their words, and files them under the heaviest."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import LargeBinary, bindparam, update

from services.common.apart import apart
from services.common.database import Database, Reads, Writes
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.commands.count_words import counted
from services.posts.commands.post_terms import post_terms
from services.posts.commands.related_turn import take_turn
from services.posts.domain.related.docs import Doc, Intake
from services.posts.domain.related.vectors import POSTED, Frequencies, packed_labels, packed_terms, weighed
from services.posts.queries.related_docs import Row, unweighed_docs
from services.posts.queries.related_index import frequencies, languages, the_state
from services.posts.queries.related_progress import SOON
from services.posts.related_tables import related_docs, related_vectors

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


class Weights(Struct, frozen=True):
    """What is to be written of posts that are stored already."""

    docs: Sequence[Doc]
    of: Frequencies
    postings: Mapping[tuple[int, int], int | None]
    """By term and doc the weights that changed, None where the doc is no longer found by the term."""

    async def store(self, writes: Writes) -> None:
        await _VECTORS.many(writes, [_vector_row(doc) for doc in self.docs])
        await _DOCS.many(writes, [{"of": doc.doc, "now": doc.generation} for doc in self.docs])
        await post_terms(writes, self.postings)


async def weights_at_once(reads: Reads, intake: Intake, known: Mapping[str, Row]) -> list[Weights]:
    """By the words as they will be counted. Where all of a language are weighed anew, these wait with them."""
    found = list[Weights]()
    for lang in sorted({doc.lang for doc in intake.unweighed}):
        if lang not in known or counted(known[lang], intake.posts[lang])["generation"] != known[lang]["generation"]:
            continue
        docs = [doc for doc in intake.unweighed if doc.lang == lang]
        before = await frequencies(reads, lang, known[lang]["posts"], [doc.vector for doc in docs])
        found.append(weights_of(docs, intake.frequencies(lang, before), known[lang]["generation"]))
    return found


def weights_of(docs: Collection[Doc], of: Frequencies, generation: int) -> Weights:
    """Of docs of one language."""
    now = [replace(doc, vector=weighed(doc.vector, of), generation=generation, wants=SOON) for doc in docs]
    before = {doc.doc: doc.vector.heaviest(POSTED) if doc.generation else {} for doc in docs}
    after = {doc.doc: doc.vector.heaviest(POSTED) for doc in now}
    return Weights(
        now, of, {(term, doc): weight for doc in after for term, weight in _changed(before[doc], after[doc])}
    )


def _vector_row(doc: Doc) -> dict[str, Any]:
    return {"of": doc.doc, "new_terms": packed_terms(doc.vector), "new_labels": packed_labels(doc.vector)}


def _changed(before: Mapping[int, int], after: Mapping[int, int]) -> list[tuple[int, int | None]]:
    now: list[tuple[int, int | None]] = [(term, after[term]) for term in after if before.get(term) != after[term]]
    return now + [(term, None) for term in before.keys() - after.keys()]


_OF: Final = bindparam("of", type_=Int64)
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
