"""The posts that may have most to do with a post, at a cost that hardly grows with the archive."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from msgspec import Struct

from services.common.database import Reads
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.lists import Entry
from services.posts.domain.related.vectors import ASKED, MAX_DF, POSTED
from services.posts.queries.related_counts import term_counts
from services.posts.queries.related_docs import (
    Row,
    docs_by_number,
    docs_of_language,
    lists_of,
    lists_with,
)
from services.posts.queries.related_postings import found_by_terms

FEW: Final = 500
"""Posts of a language that are all compared with each other."""
_FOUND: Final = 99
LOOKED_AT: Final = 50_000
"""Places where a post's terms stand that are looked at: what takes longest, and what an archive makes more of."""
_LISTING: Final = 200
"""Lists with a post that are looked at again when it changed."""


class Near(Struct, frozen=True):
    """By doc, the others that it is to be compared with, and how it stands in their lists; and all of them."""

    others: Mapping[int, set[int]]
    listing: Mapping[int, Mapping[int, Entry]]
    docs: Mapping[int, Doc]


async def docs_near(
    reads: Reads, docs: Mapping[int, Doc], languages: Mapping[str, Row], counts: Mapping[int, int] | None = None
) -> Near:
    """All that is near has weights. The docs need not be stored yet; `counts` are of their terms, read if not known."""
    others, listing = defaultdict[int, set[int]](set), defaultdict[int, dict[int, Entry]](dict)
    for doc, other, _ in await lists_of(reads, docs):
        others[doc].add(other)
    for doc, other, entry in await lists_with(reads, docs, _LISTING * len(docs)):
        listing[other][doc] = entry
        others[other].add(doc)
    known = dict(docs)
    for lang in sorted({doc.lang for doc in docs.values()}):
        mine, posts = [doc for doc in docs.values() if doc.lang == lang], languages[lang]["posts"]
        if posts <= FEW:
            everyone = await docs_of_language(reads, lang, FEW)
            known = {**everyone, **known}
            for one in mine:
                others[one.doc] |= everyone.keys()
        else:
            for one in mine:
                asked = await asked_terms(reads, one, posts, counts)
                found = await found_by_terms(reads, asked, _FOUND + 1)
                others[one.doc] |= set([other for other in found if other != one.doc][:_FOUND])
    near = {one for each in others.values() for one in each}
    known |= await docs_by_number(reads, near - known.keys())
    weighed = {one for one, found in known.items() if found.generation > 0}
    return Near(
        {doc: (others[doc] & weighed) - {doc} for doc in docs},
        {doc: {one: entry for one, entry in listing[doc].items() if one in weighed} for doc in docs},
        known,
    )


async def asked_terms(reads: Reads, doc: Doc, posts: int, counts: Mapping[int, int] | None = None) -> dict[int, int]:
    """The heaviest terms of a doc that not too many others have, each and together."""
    heaviest = doc.vector.heaviest(POSTED)
    if posts <= MAX_DF:
        return dict(list(heaviest.items())[:ASKED])
    counts = await term_counts(reads, heaviest) if counts is None else counts
    rare = [(term, weight) for term, weight in heaviest.items() if counts.get(term, 0) <= MAX_DF][:ASKED]
    looked_at = accumulate(counts.get(term, 0) for term, _ in rare)
    return dict(term for term, so_far in zip(rare, looked_at, strict=True) if so_far <= LOOKED_AT)
