"""The related posts of a post: those that an editor pinned, that its text is linked with, that were computed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import select, union_all

from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.posts.domain.related.told import KINDS, Kind, Related, Spelling, unpacked_terms
from services.posts.queries.related_sources import computed, linked_to, linking, pinned
from services.posts.related_tables import related_terms

_COLUMNS: Final = (
    *("id", "path", "title", "published", "comment_policy", "state", "post_kind"),
    *("kind", "place", "score", "terms", "label_id"),
)
"""Of what each source gives."""
_ID, _STATE, _POST_KIND, _KIND, _PLACE, _SCORE = (
    _COLUMNS.index(name) for name in ("id", "state", "post_kind", "kind", "place", "score")
)
_KIND_RANKS: Final = {kind: rank for rank, kind in enumerate(KINDS)}


class FoundRelated(Struct, frozen=True):
    """Best first, and how their terms are spelt."""

    related: Sequence[Related]
    spellings: Mapping[int, Spelling]


async def related_to(
    reads: Reads, post_id: int, *, has_computed: bool, most: int, besides: Collection[int | None] = ()
) -> FoundRelated:
    """Live posts in two statements; where there are no computed ones, those alone that were pinned."""
    if most <= 0:
        return FoundRelated([], {})
    kept = _shown(await (_ALL if has_computed else _PINNED_ALONE).tuples(reads, post_id=post_id), post_id)
    rest = (row for post, row in kept.items() if post not in besides)
    related = [_told(row) for row in islice(rest, most)]
    return FoundRelated(related, await spelt(reads, {term for one in related for term in one.terms}))


async def told_before_computed(reads: Reads, post_id: int) -> Mapping[int, Kind]:
    """The posts that are pinned to it or linked with it, in their order."""
    found = _shown(await _BEFORE_COMPUTED.tuples(reads, post_id=post_id), post_id)
    return {post: row[_KIND] for post, row in found.items()}


def _shown(rows: Iterable[Sequence[Any]], post_id: int) -> Mapping[int, Sequence[Any]]:
    """By post, best first. Of some twenty most pages show five, so no more is made of the others.

    Asked for live ones, SQLite walks through all of them instead of taking ids.
    """
    live = [row for row in rows if row[_STATE] == "live" and row[_POST_KIND] == "post" and row[_ID] != post_id]
    live.sort(key=_rank)
    kept = dict[int, Sequence[Any]]()  # what is there as two kinds stays as the first
    for row in live:
        kept.setdefault(row[_ID], row)
    return kept


def _told(row: Sequence[Any]) -> Related:
    post_id, path, title, published, policy, _state, _post_kind, kind, _place, _score, terms, label_id = row
    return Related(post_id, path, title, published, policy, kind, unpacked_terms(terms), label_id)


def _rank(row: Sequence[Any]) -> tuple[int, int, int, int]:
    return _KIND_RANKS[row[_KIND]], row[_PLACE], -(row[_SCORE] or 0), -row[_ID]


async def spelt(reads: Reads, terms: Iterable[int]) -> Mapping[int, Spelling]:
    ids = sorted(terms)
    rows = await _SPELT.tuples(reads, term_ids=as_given(ids)) if ids else []
    return {term: Spelling(*spelling) for term, *spelling in rows}


_ALL: Final = Prepared(lambda _: union_all(pinned(), linked_to(), linking(), computed()))
_BEFORE_COMPUTED: Final = Prepared(lambda _: union_all(pinned(), linked_to(), linking()))
_PINNED_ALONE: Final = Prepared(lambda _: pinned())
_TERM: Final = (related_terms.c.id, related_terms.c.lang, related_terms.c.text, related_terms.c.surface)
_SPELT: Final = Prepared(lambda on: select(*_TERM).where(related_terms.c.id.in_(given_numbers(on, "term_ids"))))
