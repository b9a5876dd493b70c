"""The docs that are found by terms, as they are stored."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import Select, func, select

from services.common.apart import apart
from services.common.database import Reads
from services.common.given import as_given, given_numbers, given_pairs
from services.common.prepared import Prepared
from services.posts.domain.related.postings import LAST_DOC, Packed, best, place_of, term_at
from services.posts.related_tables import related_postings

_CHUNK: Final = (related_postings.c.place, related_postings.c.docs, related_postings.c.weights)


def _of_terms(dialect: str) -> Select[Any]:
    first = given_numbers(dialect, "places").subquery("first").c.value
    return select(*_CHUNK).where(related_postings.c.place.between(first, first + LAST_DOC))


def _at(dialect: str) -> Select[Any]:
    asked, at_or_before = given_pairs(dialect, "asked").subquery("asked"), related_postings.alias("at_or_before")
    place = func.max(at_or_before.c.place)
    found = select(place).where(at_or_before.c.place.between(asked.c.value, asked.c.key)).scalar_subquery()
    return select(*_CHUNK).where(related_postings.c.place.in_(select(found).select_from(asked)))


_OF_TERMS: Final = Prepared(_of_terms)
_AT: Final = Prepared(_at)


async def found_by_terms(reads: Reads, asked: Mapping[int, int], most: int) -> Sequence[int]:
    """The docs whose heaviest terms have most of the ones asked for with their weights."""
    chunks: Any = await _OF_TERMS.tuples(reads, places=as_given([place_of(term) for term in asked]))
    return await apart(reads, partial(best, asked, chunks, most))


async def chunks_at(reads: Reads, keys: Collection[int]) -> Mapping[int, Packed]:
    """By place, those that hold these places of docs or would hold them, as far as there are any."""
    asked = msgspec.json.encode({key: place_of(term_at(key)) for key in keys}).decode()
    return {chunk[0]: (chunk[0], chunk[1], chunk[2]) for chunk in await _AT.tuples(reads, asked=asked)}
