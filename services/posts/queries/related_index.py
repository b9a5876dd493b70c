"""The words that related posts are found by, as the job that looks after them reads them."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Select, Text, bindparam, column, select, text

from services.common.database import Reads
from services.common.given import as_given, given_numbers, given_texts
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.domain.related.vectors import Frequencies, Vector
from services.posts.queries.related_counts import term_counts
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


def _unspelt(dialect: str) -> Select[int, int]:
    # there are few; by itself, SQLite would look at the row of each term that is asked for
    indexed = text("related_terms INDEXED BY related_terms_unspelt")
    term, lent_by = column("id", Int64), column("lent_by", Int64)
    found = select(term, lent_by).select_from(indexed if dialect == "sqlite" else related_terms)
    return found.where(lent_by.is_(None), term.in_(given_numbers(dialect, "terms")))


_STATE: Final = Prepared(lambda _: select(related_state))
_OWED: Final = Prepared(lambda _: select(related_owed).order_by(related_owed.c.post_id.desc()).limit(_MOST))
_LANGUAGES: Final = Prepared(lambda _: select(related_languages))
_TERMS: Final = Prepared(
    lambda on: select(related_terms.c.text, related_terms.c.id).where(
        related_terms.c.lang == _LANG, related_terms.c.text.in_(given_texts(on, "texts"))
    )
)
_UNSPELT: Final = Prepared(_unspelt)
_SPELT_BY: Final = Prepared(
    lambda on: select(related_terms.c.id, related_terms.c.lent_by).where(
        related_terms.c.id.in_(given_numbers(on, "terms")),
        related_terms.c.lent_by.in_(given_numbers(on, "docs")),
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


async def known_terms(reads: Reads, wanted: Mapping[str, Collection[str]]) -> dict[tuple[str, str], int]:
    """Ids by language and text, of those of the texts that there are."""
    found = dict[tuple[str, str], int]()
    for lang, texts in wanted.items():
        for written, term in await _TERMS.tuples(reads, lang=lang, texts=as_given(texts)):
            found[lang, written] = term
    return found


async def lent_by(reads: Reads, terms: Collection[int], docs: Collection[int]) -> dict[int, int | None]:
    """Of terms that one of these docs spells, or nobody, which."""
    if not terms:
        return {}
    given = as_given(terms)
    rows = [*await _UNSPELT.rows(reads, terms=given)]
    rows += await _SPELT_BY.rows(reads, terms=given, docs=as_given(docs)) if docs else []
    return {row["id"]: row["lent_by"] for row in rows}


async def frequencies(reads: Reads, lang: str, posts: int, vectors: Collection[Vector]) -> Frequencies:
    """Of everything that vectors of one language hold."""
    label_ids = {one for each in vectors for one in each.labels}
    rows = await _LABEL_COUNTS.rows(reads, lang=lang, label_ids=as_given(label_ids))
    counts = await term_counts(reads, {term for vector in vectors for term in vector.terms})
    return Frequencies(posts, counts, {row["label_id"]: row["posts"] for row in rows})
