"""Stores posts as they are compared, still without weights, and what that does to the counts of words."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, update

from services.common.database import Writes
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.commands.count_words import count_labels, count_posts, count_terms, give_back_spellings
from services.posts.commands.post_terms import post_terms
from services.posts.domain.related.docs import Doc, Intake
from services.posts.domain.related.vectors import POSTED, packed_labels, packed_terms
from services.posts.related_tables import related_docs, related_vectors

_OF: Final = bindparam("of", type_=Int64)
_MINE: Final = update(related_docs).where(related_docs.c.doc == _OF)
_NEW: Final = Prepared(
    lambda _: insert(related_docs).values({one.name: bindparam(one.name, type_=one.type) for one in related_docs.c})
)
_CHANGED: Final = Prepared(lambda _: _MINE.values(lang=bindparam("in"), generation=0))
_GONE: Final = Prepared(lambda _: _MINE.values(post_id=None))
_FORGET: Final = Prepared(lambda _: delete(related_vectors).where(related_vectors.c.doc == _OF))
_VECTORS: Final = Prepared(
    lambda _: insert(related_vectors).values(
        {one.name: bindparam(one.name, type_=one.type) for one in related_vectors.c}
    )
)


async def store_intake(
    writes: Writes, intake: Intake, new_terms: Mapping[tuple[str, str], int], known: Mapping[str, Mapping[str, Any]]
) -> None:
    """`known` are the languages as they were."""
    if not (intake.new or intake.changed or intake.gone):
        return
    before = [*intake.replaced, *intake.gone]
    await post_terms(writes, {(term, one.doc): None for one in before for term in one.vector.heaviest(POSTED)})
    await give_back_spellings(writes, before)
    await count_terms(writes, intake, new_terms)
    await count_labels(writes, intake)
    await count_posts(writes, intake, known)
    await _store_docs(writes, intake)


async def _store_docs(writes: Writes, intake: Intake) -> None:
    await _NEW.many(writes, [_doc_row(doc) for doc in intake.new])
    await _CHANGED.many(writes, [{"of": doc.doc, "in": doc.lang} for doc in intake.changed])
    await _FORGET.many(writes, [{"of": doc.doc} for doc in (*intake.changed, *intake.gone)])
    await _VECTORS.many(writes, [_vector_row(doc) for doc in (*intake.new, *intake.changed)])
    await _GONE.many(writes, [{"of": doc.doc} for doc in intake.gone])


def _doc_row(doc: Doc) -> dict[str, Any]:
    return {
        "doc": doc.doc,
        "post_id": doc.post_id,
        "lang": doc.lang,
        "generation": doc.generation,
        "wants": doc.wants,
        "least": doc.least,
    }


def _vector_row(doc: Doc) -> dict[str, Any]:
    vector = doc.vector
    return {"doc": doc.doc, "terms": packed_terms(vector), "labels": packed_labels(vector), "day": vector.day}
