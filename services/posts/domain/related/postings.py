"""Where a term stands: the docs that are found by it with its weight in each, in chunks that are stored as one row.

A chunk is by its place: the number of its term above, and below a number that is not above its lowest doc's, nor below
that of any doc in the chunk before. Row by row, databases would take twice as long to add up what docs have.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from typing import Final

CHUNK: Final = 256
"""Docs at most."""
ENOUGH: Final = 4_000
"""Of the best twenty of all, one in a thousand is not among the best hundred of those. With 2,000 it would be 34."""
_BITS: Final = 32
LAST_DOC: Final = (1 << _BITS) - 1

Packed = tuple[int, bytes, bytes]
"""A chunk as it is stored: its place, its docs in their order, the weights of the term in each."""


def place_of(term: int, doc: int = 0) -> int:
    """Of terms below 2**31: databases have signed numbers."""
    return term << _BITS | doc


def term_at(place: int) -> int:
    return place >> _BITS


def best(asked: Mapping[int, int], chunks: Iterable[Packed], most: int) -> list[int]:
    """The docs in which these terms with their weights weigh most, of all chunks of theirs.

    Once `ENOUGH` are found by the heaviest terms, others only add to those.
    """
    totals = dict[int, int]()
    for place, docs, weights in sorted(chunks, key=lambda chunk: (-asked[term_at(chunk[0])], chunk[0])):
        add = _add if len(totals) < ENOUGH else _add_to_known
        add(totals, zip(array("I", docs), array("H", weights), strict=True), asked[term_at(place)])
    least = min(nlargest(most, totals.values()), default=0)
    found = sorted([(total, doc) for doc, total in totals.items() if total >= least], reverse=True)
    return [doc for _, doc in found[:most]]


def _add(totals: dict[int, int], weights: Iterable[tuple[int, int]], times: int) -> None:
    for doc, weight in weights:
        if doc in totals:  # most are new: to ask first is quicker than to add to a default
            totals[doc] += times * weight
        else:
            totals[doc] = times * weight


def _add_to_known(totals: dict[int, int], weights: Iterable[tuple[int, int]], times: int) -> None:
    for doc, weight in weights:
        if doc in totals:
            totals[doc] += times * weight


def by_chunk(keys: Iterable[int], places: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """Places of docs by that of the chunk that each belongs to, which may be a new one."""
    known, begun, found = sorted(places), dict[int, int](), defaultdict[int, list[int]](list)
    for key in sorted(keys):
        before = known[bisect_right(known, key) - 1] if known else key
        is_of_term = before <= key and term_at(before) == term_at(key)
        found[before if is_of_term else begun.setdefault(term_at(key), key)].append(key)
    return found


def rewritten(chunk: Packed, changes: Mapping[int, int | None]) -> Iterator[Packed]:
    """The chunk with other weights, none for docs that are no longer found, in pieces; the first may be empty."""
    place, docs, weights = chunk[0], array("I", chunk[1]), array("H", chunk[2])
    for doc, weight in changes.items():
        _put(docs, weights, doc, weight)
    newest = max(changes)
    is_appended = len(docs) > 0 and docs[-1] == newest
    pieces = -(-len(docs) // CHUNK) or 1
    # docs come in their order: what follows goes on with the last piece
    size = CHUNK if is_appended else -(-len(docs) // pieces) or 1
    yield place, docs[:size].tobytes(), weights[:size].tobytes()
    for start in range(size, len(docs), size):
        piece = slice(start, start + size)
        yield place_of(term_at(place), docs[start]), docs[piece].tobytes(), weights[piece].tobytes()


def _put(docs: "array[int]", weights: "array[int]", doc: int, weight: int | None) -> None:
    at = bisect_left(docs, doc)
    is_there = at < len(docs) and docs[at] == doc
    if weight is None:
        del docs[at : at + is_there], weights[at : at + is_there]
    elif is_there:
        weights[at] = weight
    else:
        docs.insert(at, doc)
        weights.insert(at, weight)


def unpacked_postings(chunks: Iterable[Packed]) -> dict[tuple[int, int], int]:
    """Weights by term and doc."""
    return {
        (term_at(place), doc): weight
        for place, docs, weights in chunks
        for doc, weight in zip(array("I", docs), array("H", weights), strict=True)
    }
