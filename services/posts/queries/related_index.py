"""The words that related posts are found by, as the job that looks after them reads them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Text, bindparam, select

from services.common.database import Reads
from services.common.given import as_given, given_numbers, given_texts
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.domain.related.vectors import Frequencies, Vector
from services.posts.related_tables import (
    related_labels,
    related_languages,
    related_owed,
    related_state,
    related_terms,
)

Row = Mapping[str, Any]
_MOST: Final = bindparam("most", type_=Int64)
_LANG: Final = bindparam("lang", type_=Text)


_STATE: Final = Prepared(lambda _: select(related_state))
_OWED: Final = Prepared(lambda _: select(related_owed).order_by(related_owed.c.post_id.desc()).limit(_MOST))
_LANGUAGES: Final = Prepared(lambda _: select(related_languages))
_TERMS: Final = Prepared(
    lambda on: select(related_terms.c.text, related_terms.c.id, related_terms.c.posts, related_terms.c.lent_by).where(
        related_terms.c.lang == _LANG, related_terms.c.text.in_(given_texts(on, "texts"))
    )
)
_TERM_COUNTS: Final = Prepared(
    lambda on: select(related_terms.c.id, related_terms.c.posts).where(
        related_terms.c.id.in_(given_numbers(on, "terms"))
    )
)
_LABEL_COUNTS: Final = Prepared(
    lambda on: select(related_labels.c.label_id, related_labels.c.posts).where(
        related_labels.c.lang == _LANG, related_labels.c.label_id.in_(given_numbers(on, "label_ids"))
    )
)


async def the_state(reads: Reads) -> Row:
    return (await _STATE.rows(reads))[0]


async def owed_posts(reads: Reads, most: int) -> Mapping[int, int]:
    """Posts that wait to be read, newest first, with how often they are owed."""
    return {row["post_id"]: row["marks"] for row in await _OWED.rows(reads, most=most)}


async def languages(reads: Reads) -> Mapping[str, Row]:
    return {row["lang"]: row for row in await _LANGUAGES.rows(reads)}


@dataclass(frozen=True, slots=True)
class KnownTerms:
    """Ids by language and text, and by id how many posts have each, and which doc lent its spelling, if one did."""

    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    lent_by: dict[int, int | None] = field(default_factory=dict)


async def known_terms(reads: Reads, wanted: Mapping[str, Collection[str]]) -> KnownTerms:
    """By language, those of the texts that there are."""
    found = KnownTerms()
    for lang, texts in wanted.items():
        for text, term, posts, lent_by in await _TERMS.tuples(reads, lang=lang, texts=as_given(texts)):
            found.ids[lang, text] = term
            found.counts[term] = posts
            found.lent_by[term] = lent_by
    return found


async def term_counts(reads: Reads, terms: Collection[int]) -> Mapping[int, int]:
    """How many posts have each."""
    return {row["id"]: row["posts"] for row in await _TERM_COUNTS.rows(reads, terms=as_given(terms))}


async def frequencies(
    reads: Reads, lang: str, posts: int, vectors: Collection[Vector], counts: Mapping[int, int] | None = None
) -> Frequencies:
    """Of everything that vectors of one language hold; `counts` of their terms are read where they are not known."""
    label_ids = {one for each in vectors for one in each.labels}
    rows = await _LABEL_COUNTS.rows(reads, lang=lang, label_ids=as_given(label_ids))
    if counts is None:
        counts = await term_counts(reads, {term for vector in vectors for term in vector.terms})
    return Frequencies(posts, counts, {row["label_id"]: row["posts"] for row in rows})
