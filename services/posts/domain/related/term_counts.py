"""Of how many posts each term is, in chunks of neighbouring terms: frequent ones came early, and are near each other.

A row for each would make three times as many pages of a database change with every post.
"""

from array import array
from collections.abc import Iterable, Mapping
from typing import Final

CHUNK: Final = 480
"""Terms; with four bytes each, so many that two chunks fit on a page of SQLite and none is put elsewhere by PostgreSQL.
"""
Chunks = dict[int, "array[int]"]
"""Counts of terms by the number of their chunk."""


def chunks_of(terms: Iterable[int]) -> set[int]:
    return {term // CHUNK for term in terms}


def counts_in(chunks: Mapping[int, "array[int]"], terms: Iterable[int]) -> dict[int, int]:
    """Without those of chunks that are not there."""
    return {term: chunks[term // CHUNK][term % CHUNK] for term in terms if term // CHUNK in chunks}


def add_counts(chunks: Chunks, by: Mapping[int, int]) -> None:
    """By term, to all chunks that these are in. Raises OverflowError where fewer than none would be left."""
    for term, more in by.items():
        chunks[term // CHUNK][term % CHUNK] += more


def empty_chunk() -> "array[int]":
    return array("I", bytes(4 * CHUNK))
