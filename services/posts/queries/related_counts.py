"""Of how many posts terms are, as it is stored."""

from array import array
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.posts.domain.related.term_counts import Chunks, chunks_of, counts_in
from services.posts.related_tables import related_counts

_CHUNKS: Final = Prepared(
    lambda on: select(related_counts.c.chunk, related_counts.c.counts).where(
        related_counts.c.chunk.in_(given_numbers(on, "chunks"))
    )
)


async def count_chunks(reads: Reads, terms: Collection[int]) -> Chunks:
    """Those of the terms, as far as there are any."""
    rows = await _CHUNKS.tuples(reads, chunks=as_given(sorted(chunks_of(terms)))) if terms else []
    return {chunk: array("I", counts) for chunk, counts in rows}


async def term_counts(reads: Reads, terms: Collection[int]) -> Mapping[int, int]:
    """By term; of one that is new nothing may be known."""
    return counts_in(await count_chunks(reads, terms), terms)
