"""The related posts of a post: those that an editor pinned, that its text is linked with, that were computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Select,
    Text,
    bindparam,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.microseconds import from_microseconds
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.domain.related.told import KINDS, Kind, Related, Spelling, unpacked_terms
from services.posts.related_tables import related_docs, related_lists, related_mentions, related_rules, related_terms
from services.posts.tables import paths, posts

_POST_ID: Final = bindparam("post_id", type_=Int64)
_LINKED: Final = 20
"""Posts that link to a post: the newest."""
_POST = (
    posts.c.id,
    posts.c.path,
    posts.c.title,
    type_coerce(posts.c.published_at, Int64).label("published_at"),
    posts.c.comment_policy,
    posts.c.state,
    posts.c.kind.label("post_kind"),
)
_NO_REASONS = (
    cast(null(), Int64).label("score"),
    cast(null(), LargeBinary).label("terms"),
    cast(null(), Int64).label("label_id"),
)


Row = Mapping[str, Any]


class _Found(NamedTuple):
    """A row, in the order of its columns. Of some twenty most pages show five, so no more is made of the others."""

    id: int
    path: str
    title: str
    published_at: int
    comment_policy: str
    state: str
    post_kind: str
    kind: Kind
    place: int
    score: int | None
    terms: bytes | None
    label_id: int | None


@dataclass(frozen=True, slots=True)
class FoundRelated:
    """Best first, the posts behind them by id, and how terms are spelt."""

    related: Sequence[Related]
    posts: Mapping[int, Row]
    spellings: Mapping[int, Spelling]


async def related_to(reads: Reads, post_id: int, *, computed: bool, most: int) -> FoundRelated:
    """Live posts in two statements; with `computed` off those alone that were pinned."""
    kept = _shown(await (_ALL if computed else _PINNED_ALONE).tuples(reads, post_id=post_id), post_id)
    shown = list(islice(kept.values(), most))
    related = [Related(one.id, one.kind, one.score, unpacked_terms(one.terms), one.label_id) for one in shown]
    spellings = await spelt(reads, {term for one in related for term in one.terms})
    return FoundRelated(related, {one.id: _post(one) for one in shown}, spellings)


async def told_before_computed(reads: Reads, post_id: int) -> Mapping[int, Kind]:
    """The posts that are pinned to it or linked with it, in their order."""
    found = _shown(await _BEFORE_COMPUTED.tuples(reads, post_id=post_id), post_id)
    return {one: row.kind for one, row in found.items()}


def _shown(rows: Iterable[Sequence[Any]], post_id: int) -> Mapping[int, _Found]:
    """By post, best first. Asked for live ones, SQLite walks through all of them instead of taking ids."""
    found = map(_Found._make, rows)
    live = [row for row in found if row.state == "live" and row.post_kind == "post" and row.id != post_id]
    live.sort(key=lambda row: (KINDS.index(row.kind), row.place, -(row.score or 0), -row.id))
    kept = dict[int, _Found]()  # what is there as two kinds stays as the first
    for row in live:
        kept.setdefault(row.id, row)
    return kept


def _post(found: _Found) -> Row:
    return {**found._asdict(), "published_at": from_microseconds(found.published_at)}


async def spelt(reads: Reads, terms: Iterable[int]) -> Mapping[int, Spelling]:
    ids = sorted(terms)
    rows = await _SPELT.rows(reads, term_ids=as_given(ids)) if ids else []
    return {row["id"]: Spelling(row["lang"], row["text"], row["surface"]) for row in rows}


def _pinned() -> Select[tuple[object, ...]]:
    return (
        select(*_POST, literal("pinned", Text).label("kind"), related_rules.c.position.label("place"), *_NO_REASONS)
        .join(related_rules, related_rules.c.other_id == posts.c.id)
        .where(related_rules.c.post_id == _POST_ID, related_rules.c.rule == "pin")
    )


def _linked_to() -> Select[tuple[object, ...]]:
    return (
        select(*_POST, literal("linked", Text).label("kind"), related_mentions.c.position.label("place"), *_NO_REASONS)
        .join_from(related_mentions, paths, paths.c.path == related_mentions.c.path)
        .join(posts, posts.c.id == paths.c.post_id)
        .where(related_mentions.c.post_id == _POST_ID, ~_is_forbidden())
    )


def _linking() -> Select[tuple[object, ...]]:
    """After what the text itself links to."""
    by = related_mentions.alias("by")
    newest = (
        select(by.c.post_id)
        .join_from(paths, by, by.c.path == paths.c.path)
        .where(paths.c.post_id == _POST_ID)
        .distinct()
        .order_by(by.c.post_id.desc())
        .limit(_LINKED)
        .subquery()
    )
    place = literal(1_000, Int64).label("place")
    return (
        select(*_POST, literal("linked", Text).label("kind"), place, *_NO_REASONS)
        .join_from(newest, posts, posts.c.id == newest.c.post_id)
        .where(~_is_forbidden())
    )


def _computed() -> Select[tuple[object, ...]]:
    mine, theirs = related_docs.alias("mine"), related_docs.alias("theirs")
    reasons = (related_lists.c.score, related_lists.c.terms, related_lists.c.label_id)
    return (
        select(*_POST, literal("computed", Text).label("kind"), related_lists.c.place, *reasons)
        .join_from(mine, related_lists, related_lists.c.doc == mine.c.doc)
        .join(theirs, theirs.c.doc == related_lists.c.other)
        .join(posts, posts.c.id == theirs.c.post_id)
        .where(mine.c.post_id == _POST_ID, ~_is_forbidden())
    )


def _is_forbidden() -> ColumnElement[bool]:
    forbidden = related_rules.alias("forbidden")
    return posts.c.id.in_(
        select(forbidden.c.other_id).where(forbidden.c.post_id == _POST_ID, forbidden.c.rule == "forbid")
    )


_ALL: Final = Prepared(lambda _: union_all(_pinned(), _linked_to(), _linking(), _computed()))
_BEFORE_COMPUTED: Final = Prepared(lambda _: union_all(_pinned(), _linked_to(), _linking()))
_PINNED_ALONE: Final = Prepared(lambda _: _pinned())
_TERM: Final = (related_terms.c.id, related_terms.c.lang, related_terms.c.text, related_terms.c.surface)
_SPELT: Final = Prepared(lambda on: select(*_TERM).where(related_terms.c.id.in_(given_numbers(on, "term_ids"))))
