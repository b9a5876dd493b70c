"""Posts as they are compared, and the lists made of them, as the job that looks after both reads them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, select

from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.lists import Entry
from services.posts.domain.related.vectors import unpacked
from services.posts.related_tables import related_docs, related_languages, related_lists, related_vectors

Row = Mapping[str, Any]
InList = tuple[int, int, Entry]
"""A doc, another in its list, and how that stands there."""
_MOST: Final = bindparam("most", type_=Int64)
_VECTOR: Final = (related_vectors.c.terms, related_vectors.c.labels, related_vectors.c.day)
_OF_DOC: Final = tuple(related_docs.c[name] for name in ("doc", "post_id", "lang", "generation", "wants", "least"))
_DOCS: Final = select(*_OF_DOC, *_VECTOR).join_from(
    related_docs, related_vectors, related_vectors.c.doc == related_docs.c.doc
)
_IN_LIST: Final = tuple(related_lists.c[name] for name in ("doc", "other", "score", "place", "terms", "label_id"))
_IS_LIVE: Final = related_docs.c.post_id.is_not(None)
_IS_MINE: Final = related_docs.c.lang == bindparam("lang")
_IS_OUTDATED: Final = and_(
    related_docs.c.lang == related_languages.c.lang, related_docs.c.generation < related_languages.c.generation
)
_NEWEST: Final = related_docs.c.doc.desc()

_OF_POSTS: Final = Prepared(lambda on: _DOCS.where(related_docs.c.post_id.in_(given_numbers(on, "post_ids"))))
_BY_NUMBER: Final = Prepared(lambda on: _DOCS.where(related_docs.c.doc.in_(given_numbers(on, "docs")), _IS_LIVE))
_GONE: Final = Prepared(lambda _: select(related_docs.c.doc).where(~_IS_LIVE).limit(1))
_OUTDATED_LANGUAGE: Final = Prepared(
    # joined, SQLite walks through all posts to find none
    lambda _: select(related_languages.c.lang).where(exists().where(_IS_OUTDATED, _IS_LIVE)).limit(1)
)
_OUTDATED: Final = Prepared(
    lambda _: (
        _DOCS.join(related_languages, _IS_OUTDATED)
        .where(_IS_MINE, _IS_LIVE)
        .order_by(related_docs.c.generation, related_docs.c.doc)
        .limit(_MOST)
    )
)
_WANTING: Final = Prepared(
    lambda _: (
        _DOCS.where(related_docs.c.wants == bindparam("wants", type_=Int64), _IS_LIVE).order_by(_NEWEST).limit(_MOST)
    )
)
_WEIGHED: Final = Prepared(lambda _: _DOCS.where(_IS_MINE, related_docs.c.generation > 0, _IS_LIVE).limit(_MOST))
_LISTS: Final = Prepared(lambda on: select(*_IN_LIST).where(related_lists.c.doc.in_(given_numbers(on, "docs"))))
_LISTS_WITH: Final = Prepared(
    lambda on: (
        select(*_IN_LIST)
        .where(related_lists.c.other.in_(given_numbers(on, "others")))
        .order_by(related_lists.c.other, related_lists.c.doc)
        .limit(_MOST)
    )
)


def _docs(rows: Sequence[Sequence[Any]]) -> dict[int, Doc]:
    return {
        doc: Doc(doc, post_id, lang, generation, wants, least, unpacked(terms, labels, day))
        for doc, post_id, lang, generation, wants, least, terms, labels, day in rows
    }


async def docs_of_posts(reads: Reads, post_ids: Collection[int]) -> Mapping[int, Doc]:
    """By post."""
    found = _docs(await _OF_POSTS.tuples(reads, post_ids=as_given(post_ids)))
    return {doc.post_id: doc for doc in found.values() if doc.post_id is not None}


async def docs_by_number(reads: Reads, docs: Collection[int]) -> Mapping[int, Doc]:
    """Those that are to be in lists."""
    return _docs(await _BY_NUMBER.tuples(reads, docs=as_given(docs))) if docs else {}


async def gone_doc(reads: Reads) -> int | None:
    """One that is no longer live and still stands in lists."""
    row = await _GONE.first(reads)
    return None if row is None else row["doc"]


async def unweighed_docs(reads: Reads, most: int) -> Mapping[int, Doc]:
    """Of one language, first those that have no weights at all."""
    row = await _OUTDATED_LANGUAGE.first(reads)
    return {} if row is None else _docs(await _OUTDATED.tuples(reads, lang=row["lang"], most=most))


async def docs_wanting(reads: Reads, wants: int, most: int) -> Mapping[int, Doc]:
    """Those that want a list, newest first."""
    return _docs(await _WANTING.tuples(reads, wants=wants, most=most))


async def docs_of_language(reads: Reads, lang: str, most: int) -> Mapping[int, Doc]:
    """Those that have weights."""
    return _docs(await _WEIGHED.tuples(reads, lang=lang, most=most))


async def lists_of(reads: Reads, docs: Collection[int]) -> list[InList]:
    """Of whole lists."""
    return _in_lists(await _LISTS.tuples(reads, docs=as_given(docs))) if docs else []


async def lists_with(reads: Reads, others: Collection[int], most: int) -> list[InList]:
    """Of other lists in which these stand."""
    return _in_lists(await _LISTS_WITH.tuples(reads, others=as_given(others), most=most))


def _in_lists(rows: Sequence[Sequence[Any]]) -> list[InList]:
    return [(row[0], row[1], Entry(*row[2:])) for row in rows]
