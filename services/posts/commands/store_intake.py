"""Stores posts as they are compared, still without weights, and what that does to the counts of words."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, bindparam, case, delete, func, insert, update

from services.common.database import Writes
from services.common.upsert import insert_missing
from services.posts.domain.related.docs import Doc, Intake
from services.posts.domain.related.vectors import POSTED, packed_labels, packed_terms
from services.posts.related_tables import (
    related_docs,
    related_labels,
    related_languages,
    related_postings,
    related_terms,
    related_vectors,
)

_GREW: Final = 1.5
"""Weights are as rare as words were when they were made; once there are so many more posts all are made anew."""


async def store_intake(
    writes: Writes, intake: Intake, new_terms: Mapping[tuple[str, str], int], known: Mapping[str, RowMapping]
) -> None:
    """`known` are the languages as they were."""
    if not (intake.new or intake.changed or intake.gone):
        return
    await _take_back(writes, [*intake.replaced, *intake.gone])
    await _count_terms(writes, intake, new_terms)
    await _count_labels(writes, intake)
    await _count_posts(writes, intake, known)
    await _store_docs(writes, intake)


async def _take_back(writes: Writes, docs: Sequence[Doc]) -> None:
    """What was found by old words no longer is, and words that a post lent its spelling are spelt plainly."""
    if not docs:
        return
    rows = [{"of": term, "in": doc.doc} for doc in docs for term in doc.vector.heaviest(POSTED)]
    if rows:
        posted = related_postings.c.term == bindparam("of"), related_postings.c.doc == bindparam("in")
        await writes.execute(delete(related_postings).where(*posted), rows)
    lent = update(related_terms).where(
        related_terms.c.id == bindparam("of"), related_terms.c.lent_by == bindparam("by")
    )
    spelt = [{"of": term, "by": doc.doc} for doc in docs for term in doc.vector.terms]
    if spelt:
        await writes.execute(lent.values(surface=related_terms.c.text, lent_by=None), spelt)


async def _count_terms(writes: Writes, intake: Intake, new_terms: Mapping[tuple[str, str], int]) -> None:
    """A word that no live post has any more is forgotten."""
    new = {term: (lang, text) for (lang, text), term in new_terms.items() if term in intake.written}
    if rows := [_term_row(intake, term, *new[term]) for term in sorted(new)]:
        await writes.execute(insert(related_terms), rows)
    old = update(related_terms).where(related_terms.c.id == bindparam("of"))
    counted = related_terms.c.posts + bindparam("by")
    nobodys = related_terms.c.lent_by.is_(None)
    lent = {
        "surface": case((nobodys, bindparam("written")), else_=related_terms.c.surface),
        "lent_by": func.coalesce(related_terms.c.lent_by, bindparam("in_doc")),
    }
    said = [
        {"of": term, "by": intake.terms[term], "written": surface, "in_doc": doc}
        for term, (surface, doc) in sorted(intake.written.items())
        if term not in new
    ]
    if said:
        await writes.execute(old.values(posts=counted, **lent), said)
    dropped = [{"of": term, "by": by} for term, by in sorted(intake.terms.items()) if term not in intake.written]
    if dropped:
        await writes.execute(old.values(posts=counted), dropped)
        unsaid = related_terms.c.id == bindparam("of"), related_terms.c.posts == 0
        await writes.execute(delete(related_terms).where(*unsaid), [{"of": one["of"]} for one in dropped])


def _term_row(intake: Intake, term: int, lang: str, text: str) -> dict[str, Any]:
    surface, doc = intake.written[term]
    return {"id": term, "lang": lang, "text": text, "surface": surface, "lent_by": doc, "posts": intake.terms[term]}


async def _count_labels(writes: Writes, intake: Intake) -> None:
    by = {key: count for key, count in sorted(intake.labels.items()) if count}
    if not by:
        return
    none = [{"lang": lang, "label_id": label, "posts": 0} for lang, label in by]
    await insert_missing(writes, related_labels, none, on=("lang", "label_id"))
    mine = related_labels.c.lang == bindparam("in"), related_labels.c.label_id == bindparam("of")
    counted = update(related_labels).where(*mine).values(posts=related_labels.c.posts + bindparam("by"))
    await writes.execute(counted, [{"in": lang, "of": label, "by": count} for (lang, label), count in by.items()])


async def _count_posts(writes: Writes, intake: Intake, known: Mapping[str, RowMapping]) -> None:
    """Begins a new generation of weights in a language that grew, or shrank, by half."""
    none = {"posts": 0, "weighed_posts": 0, "generation": 0}
    for lang, by in sorted(intake.posts.items()):
        before = known.get(lang, none)
        posts, weighed = before["posts"] + by, before["weighed_posts"]
        values = {"posts": posts}
        if posts >= _GREW * weighed or posts * _GREW <= weighed:
            values |= {"weighed_posts": posts, "generation": before["generation"] + 1}
        if lang in known:
            await writes.execute(update(related_languages).where(related_languages.c.lang == lang).values(values))
        else:
            await writes.execute(insert(related_languages).values({"lang": lang} | none | values))


async def _store_docs(writes: Writes, intake: Intake) -> None:
    if intake.new:
        await writes.execute(insert(related_docs), [_doc_row(doc) for doc in intake.new])
    if intake.changed:
        mine = update(related_docs).where(related_docs.c.doc == bindparam("of"))
        anew = mine.values(lang=bindparam("in"), generation=0)
        await writes.execute(anew, [{"of": doc.doc, "in": doc.lang} for doc in intake.changed])
    await _forget_vectors(writes, [doc.doc for doc in (*intake.changed, *intake.gone)])
    if kept := [*intake.new, *intake.changed]:
        await writes.execute(insert(related_vectors), [vector_row(doc) for doc in kept])
    if intake.gone:
        gone = related_docs.c.doc.in_([doc.doc for doc in intake.gone])
        await writes.execute(update(related_docs).where(gone).values(post_id=None))


async def _forget_vectors(writes: Writes, docs: Collection[int]) -> None:
    if docs:
        await writes.execute(delete(related_vectors).where(related_vectors.c.doc.in_(docs)))


def _doc_row(doc: Doc) -> dict[str, Any]:
    return {
        "doc": doc.doc,
        "post_id": doc.post_id,
        "lang": doc.lang,
        "generation": doc.generation,
        "wants": doc.wants,
        "least": doc.least,
    }


def vector_row(doc: Doc) -> dict[str, Any]:
    vector = doc.vector
    return {"doc": doc.doc, "terms": packed_terms(vector), "labels": packed_labels(vector), "day": vector.day}
