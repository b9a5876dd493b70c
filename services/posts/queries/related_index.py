"""What related posts are found by, as the job that looks after it reads it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from sqlalchemy import RowMapping, and_, column, func, select, values

from services.common.database import Reads
from services.common.sqltypes import Int64
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.vectors import Frequencies, Vector, unpacked
from services.posts.related_tables import (
    related_docs,
    related_labels,
    related_languages,
    related_lists,
    related_owed,
    related_postings,
    related_state,
    related_terms,
    related_vectors,
)

T = TypeVar("T")
_AT_ONCE: Final = 5_000
"""Values in one statement; each database takes some 32,000."""
_VECTOR = (related_vectors.c.terms, related_vectors.c.labels, related_vectors.c.day)


def _doc(row: RowMapping) -> Doc:
    return Doc(
        row["doc"],
        row["post_id"],
        row["lang"],
        row["generation"],
        row["wants"],
        row["least"],
        unpacked(row["terms"], row["labels"], row["day"]),
    )


_DOCS = select(related_docs, *_VECTOR).join(related_vectors, related_vectors.c.doc == related_docs.c.doc)


def _portions(items: Iterable[T]) -> Iterator[list[T]]:
    every = list(items)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))


async def the_state(reads: Reads) -> RowMapping:
    return (await reads.execute(select(related_state))).mappings().one()


async def owed_posts(reads: Reads, most: int) -> Mapping[int, int]:
    """Posts that wait to be read, newest first, with how often they are owed."""
    query = select(related_owed.c.post_id, related_owed.c.marks).order_by(related_owed.c.post_id.desc()).limit(most)
    return {row.post_id: row.marks for row in await reads.execute(query)}


async def docs_of_posts(reads: Reads, post_ids: Collection[int]) -> Mapping[int, Doc]:
    """By post."""
    rows = await reads.execute(_DOCS.where(related_docs.c.post_id.in_(post_ids)))
    return {row["post_id"]: _doc(row) for row in rows.mappings()}


async def docs_by_number(reads: Reads, docs: Collection[int]) -> Mapping[int, Doc]:
    """Those that are to be in lists."""
    found = dict[int, Doc]()
    for some in _portions(docs):
        rows = await reads.execute(_DOCS.where(related_docs.c.doc.in_(some), related_docs.c.post_id.is_not(None)))
        found |= {row["doc"]: _doc(row) for row in rows.mappings()}
    return found


async def gone_doc(reads: Reads) -> int | None:
    """One that is no longer live and still stands in lists."""
    return (await reads.execute(select(related_docs.c.doc).where(related_docs.c.post_id.is_(None)).limit(1))).scalar()


async def languages(reads: Reads) -> Mapping[str, RowMapping]:
    return {row["lang"]: row for row in (await reads.execute(select(related_languages))).mappings()}


async def unweighed_docs(reads: Reads, most: int) -> Mapping[int, Doc]:
    """Of one language, newest first."""
    outdated = and_(
        related_docs.c.lang == related_languages.c.lang, related_docs.c.generation < related_languages.c.generation
    )
    first = (
        select(related_docs.c.lang).join(related_languages, outdated).where(related_docs.c.post_id.is_not(None))
    ).limit(1)
    lang = (await reads.execute(first)).scalar()
    if lang is None:
        return {}
    query = _DOCS.join(related_languages, outdated).where(
        related_docs.c.lang == lang, related_docs.c.post_id.is_not(None)
    )
    rows = await reads.execute(query.order_by(related_docs.c.doc.desc()).limit(most))
    return {row["doc"]: _doc(row) for row in rows.mappings()}


async def docs_wanting(reads: Reads, wants: int, most: int) -> Mapping[int, Doc]:
    """Those that want a list, newest first."""
    query = _DOCS.where(related_docs.c.wants == wants, related_docs.c.post_id.is_not(None))
    rows = await reads.execute(query.order_by(related_docs.c.doc.desc()).limit(most))
    return {row["doc"]: _doc(row) for row in rows.mappings()}


async def docs_of_language(reads: Reads, lang: str, most: int) -> Mapping[int, Doc]:
    """Those that have weights."""
    query = _DOCS.where(related_docs.c.lang == lang, related_docs.c.generation > 0, related_docs.c.post_id.is_not(None))
    return {row["doc"]: _doc(row) for row in (await reads.execute(query.limit(most))).mappings()}


async def term_ids(reads: Reads, wanted: Mapping[str, Collection[str]]) -> Mapping[tuple[str, str], int]:
    """By language and text, those that there are."""
    found = dict[tuple[str, str], int]()
    for lang, texts in wanted.items():
        query = select(related_terms.c.text, related_terms.c.id).where(related_terms.c.lang == lang)
        for some in _portions(texts):
            rows = await reads.execute(query.where(related_terms.c.text.in_(some)))
            found |= {(lang, row.text): row.id for row in rows}
    return found


async def term_counts(reads: Reads, terms: Collection[int]) -> Mapping[int, int]:
    """How many posts have each."""
    found = dict[int, int]()
    for some in _portions(terms):
        rows = await reads.execute(
            select(related_terms.c.id, related_terms.c.posts).where(related_terms.c.id.in_(some))
        )
        found |= {row.id: row.posts for row in rows}
    return found


async def frequencies(reads: Reads, lang: str, vectors: Collection[Vector]) -> Frequencies:
    """Of everything that the vectors of one language hold."""
    posts = (
        await reads.execute(select(related_languages.c.posts).where(related_languages.c.lang == lang))
    ).scalar_one()
    of_labels = select(related_labels.c.label_id, related_labels.c.posts).where(
        related_labels.c.lang == lang, related_labels.c.label_id.in_({one for each in vectors for one in each.labels})
    )
    labels = {row.label_id: row.posts for row in await reads.execute(of_labels)}
    terms = await term_counts(reads, {term for vector in vectors for term in vector.terms})
    return Frequencies(posts, terms, labels)


async def found_by_terms(reads: Reads, asked: Mapping[int, int], most: int) -> Sequence[int]:
    """The docs whose heaviest terms have most of the ones asked for with their weights."""
    if not asked:
        return []
    given = values(column("term", Int64), column("weight", Int64), name="asked").data(list(asked.items())).cte("asked")
    total = func.sum(given.c.weight * related_postings.c.weight)
    query = select(related_postings.c.doc).join_from(given, related_postings, related_postings.c.term == given.c.term)
    best = query.group_by(related_postings.c.doc).order_by(total.desc(), related_postings.c.doc.desc())
    return (await reads.execute(best.limit(most))).scalars().all()


async def lists_of(reads: Reads, docs: Collection[int]) -> Sequence[RowMapping]:
    """Rows of whole lists."""
    if not docs:
        return []
    return (await reads.execute(select(related_lists).where(related_lists.c.doc.in_(docs)))).mappings().all()


async def lists_with(reads: Reads, others: Collection[int], most: int) -> Sequence[RowMapping]:
    """Rows in which these stand: `doc`, `other`, `place`."""
    columns = (related_lists.c.doc, related_lists.c.other, related_lists.c.place)
    query = select(*columns).where(related_lists.c.other.in_(others))
    return (
        (await reads.execute(query.order_by(related_lists.c.other, related_lists.c.doc).limit(most))).mappings().all()
    )
