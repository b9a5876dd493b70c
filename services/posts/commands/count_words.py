"""Counts of how many posts have a word or a label, as posts come, change and go."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Executable, Text, bindparam, delete, insert, update

from services.common.database import Writes
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared, given_by_name
from services.common.sqltypes import Int64
from services.common.upsert import insert_on
from services.posts.domain.related.docs import Doc, Intake
from services.posts.domain.related.term_counts import add_counts, chunks_of, counts_in, empty_chunk
from services.posts.queries.related_counts import count_chunks
from services.posts.related_tables import related_counts, related_labels, related_languages, related_terms

_GREW: Final = 1.5
"""Weights are as rare as words were when they were made; once there are so many more posts all are made anew."""
_UNKNOWN: Final = {"posts": 0, "weighed_posts": 0, "generation": 0}
_OF: Final = bindparam("of", type_=Int64)
_BY: Final = bindparam("by", type_=Int64)


def _add_labels(dialect: str) -> Executable:
    given = given_by_name(related_labels.c)
    statement = insert_on(dialect)(related_labels).values(given)
    more = {"posts": related_labels.c.posts + statement.excluded.posts}
    added: Executable = statement.on_conflict_do_update(index_elements=["lang", "label_id"], set_=more)
    return added


def _set_counts(dialect: str) -> Executable:
    given = given_by_name(related_counts.c)
    statement = insert_on(dialect)(related_counts).values(given)
    now = {"counts": statement.excluded.counts}
    counted: Executable = statement.on_conflict_do_update(index_elements=["chunk"], set_=now)
    return counted


def _set_languages(dialect: str) -> Executable:
    given = given_by_name(related_languages.c)
    statement = insert_on(dialect)(related_languages).values(given)
    now = {name: statement.excluded[name] for name in _UNKNOWN}
    counted: Executable = statement.on_conflict_do_update(index_elements=["lang"], set_=now)
    return counted


_ONE: Final = update(related_terms).where(related_terms.c.id == _OF)
_NEW: Final = Prepared(lambda _: insert(related_terms).values(given_by_name(related_terms.c)))
_COUNT: Final = Prepared(_set_counts)
_LEND: Final = Prepared(
    lambda _: _ONE.values(surface=bindparam("written", type_=Text), lent_by=bindparam("in_doc", type_=Int64))
)
_FORGET: Final = Prepared(lambda on: delete(related_terms).where(related_terms.c.id.in_(given_numbers(on, "terms"))))
_GIVE_BACK: Final = Prepared(
    lambda _: _ONE.where(related_terms.c.lent_by == _BY).values(surface=related_terms.c.text, lent_by=None)
)
_ADD_LABELS: Final = Prepared(_add_labels)
_SET_LANGUAGES: Final = Prepared(_set_languages)


async def give_back_spellings(writes: Writes, docs: Sequence[Doc]) -> None:
    """Words that these posts lent their spelling are spelt plainly until another says them."""
    await _GIVE_BACK.many(writes, [{"of": term, "by": doc.doc} for doc in docs for term in doc.vector.terms])


async def count_terms(writes: Writes, intake: Intake, new_terms: Mapping[tuple[str, str], int]) -> None:
    """A word that no live post has any more is forgotten."""
    new = {term: (lang, text) for (lang, text), term in new_terms.items() if term in intake.written}
    await _NEW.many(writes, [_term_row(intake, term, *new[term]) for term in sorted(new)])
    unused = await _count(writes, {term: by for term, by in intake.terms.items() if by})
    lent = [{"of": term, "written": surface, "in_doc": doc} for term, (surface, doc) in sorted(intake.lent.items())]
    await _LEND.many(writes, lent)
    if unused:
        await _FORGET.rows(writes, terms=as_given(unused))


def _term_row(intake: Intake, term: int, lang: str, text: str) -> dict[str, Any]:
    surface, doc = intake.written[term]
    return {"id": term, "lang": lang, "text": text, "surface": surface, "lent_by": doc}


async def _count(writes: Writes, by: Mapping[int, int]) -> list[int]:
    """Returns the terms that no post has any more."""
    chunks = {chunk: empty_chunk() for chunk in chunks_of(by)} | await count_chunks(writes, by)
    add_counts(chunks, by)
    await _COUNT.many(writes, [{"chunk": chunk, "counts": chunks[chunk].tobytes()} for chunk in sorted(chunks)])
    return [term for term, count in counts_in(chunks, by).items() if not count]


async def count_labels(writes: Writes, intake: Intake) -> None:
    by = sorted(intake.labels.items())
    rows = [{"lang": lang, "label_id": label, "posts": count} for (lang, label), count in by if count]
    await _ADD_LABELS.many(writes, rows)


async def count_posts(writes: Writes, intake: Intake, known: Mapping[str, Mapping[str, Any]]) -> None:
    rows = [{"lang": lang, **counted(known.get(lang, _UNKNOWN), by)} for lang, by in sorted(intake.posts.items())]
    await _SET_LANGUAGES.many(writes, rows)


def counted(language: Mapping[str, Any], by: int) -> Mapping[str, Any]:
    """A language with so many posts more. One that grew, or shrank, by half begins a new generation of weights."""
    posts = language["posts"] + by
    if posts >= _GREW * language["weighed_posts"] or posts * _GREW <= language["weighed_posts"]:
        return {"posts": posts, "weighed_posts": posts, "generation": language["generation"] + 1}
    return {**language, "posts": posts}
