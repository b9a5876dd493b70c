"""Asks a database's search index which docids match, newest first, or oldest first going back."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.exc import DBAPIError

from services.common.database import Reads
from services.posts.domain.months import Month
from services.posts.domain.search import narrowed
from services.posts.domain.stretches import Docids, first_stretch
from services.posts.queries.archive import archive_months

_NEAR: Final = 300
_MAX_SEARCH_MS: Final = 1_000
_QUERY_CANCELED: Final = "57014"


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: `match` in the index's own language, `count` of it within docids.

    `is_of_archive`: only live posts match, which the archive counts.
    """

    match: str
    docids: Docids
    count: int
    is_back: bool
    is_of_archive: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """`went_to`: the docid that the search came to when it was given up, None when it was not."""

    docids: Sequence[int]
    went_to: int | None = None


async def search_index(reads: Reads, search: Search) -> Hits:
    if reads.dialect.name == "sqlite":
        return Hits(await _ask_fts5(reads, search))
    return await _search_postgresql(reads, search)


async def _search_postgresql(reads: Reads, search: Search) -> Hits:
    """Common words are met among the nearest posts; only for others is the index asked, which knows no order."""
    near = await _near(reads, search)
    hits = [row["docid"] for row in near if row["hit"]][: search.count]
    if len(near) < _NEAR or len(hits) == search.count:
        return Hits(hits)
    async with _bounded(reads):
        return await _search_far(reads, search, near[-1]["docid"], hits)


async def _search_far(reads: Reads, search: Search, went_to: int, hits: list[int]) -> Hits:
    """A stretch of months first, so that what is neither common nor rare costs as much in any archive; then all.

    Gives up in time: to tell a phrase from its words, the texts of all posts that have these are read.
    """
    try:
        if search.is_of_archive:
            stretch = first_stretch(await _months(reads), _beyond(search, went_to), is_back=search.is_back)
            hits += await _ask_gin(reads, search, stretch.docids, narrowed(search.match, stretch.markers), hits)
            if len(hits) == search.count or stretch.is_last:
                return Hits(hits)
            went_to = stretch.docids[1] - 1 if search.is_back else stretch.docids[0]
        return Hits(hits + await _ask_gin(reads, search, _beyond(search, went_to), search.match, hits))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _QUERY_CANCELED:
            raise
        return Hits(hits, went_to)


@asynccontextmanager
async def _bounded(reads: Reads) -> AsyncIterator[None]:
    """The planner takes reading all texts for cheap: it does not count what it takes to unpack them."""
    savepoint = await reads.begin_nested()
    try:
        await reads.execute(text(_BOUNDS), {"ms": f"{_MAX_SEARCH_MS}"})
        yield
    finally:
        await savepoint.rollback()


async def _months(reads: Reads) -> list[tuple[Month, int]]:
    return [(Month(row["year"], row["month"]), row["live_count"]) for row in await archive_months(reads)]


async def _near(reads: Reads, search: Search) -> Sequence[RowMapping]:
    least, end = search.docids
    given = {"match": search.match, "least": least, "end": end, "count": _NEAR}
    return (await reads.execute(text(_WALK[search.is_back]), given)).mappings().all()


def _beyond(search: Search, docid: int) -> Docids:
    return (docid + 1, search.docids[1]) if search.is_back else (search.docids[0], docid)


async def _ask_fts5(reads: Reads, search: Search) -> list[int]:
    given = {"match": search.match, "least": search.docids[0], "end": search.docids[1], "count": search.count}
    return list((await reads.execute(text(_FTS5[search.is_back]), given)).scalars())


async def _ask_gin(reads: Reads, search: Search, within: Docids, match: str, hits: Sequence[int]) -> list[int]:
    given = {"match": match, "least": within[0], "end": within[1], "count": search.count - len(hits)}
    return list((await reads.execute(text(_GIN[search.is_back]), given)).scalars())


_FTS5: Final = {
    False: (
        "SELECT rowid FROM search_index WHERE search_index MATCH :match "
        "AND rowid >= :least AND rowid < :end ORDER BY rowid DESC LIMIT :count"
    ),
    True: (
        "SELECT rowid FROM search_index WHERE search_index MATCH :match "
        "AND rowid >= :least AND rowid < :end ORDER BY rowid LIMIT :count"
    ),
}
_WALK: Final = {
    False: (
        "SELECT docid, (title || tags || body) @@ CAST(:match AS tsquery) AS hit FROM search_docs "
        "WHERE docid >= :least AND docid < :end ORDER BY docid DESC LIMIT :count"
    ),
    True: (
        "SELECT docid, (title || tags || body) @@ CAST(:match AS tsquery) AS hit FROM search_docs "
        "WHERE docid >= :least AND docid < :end ORDER BY docid LIMIT :count"
    ),
}
_GIN: Final = {
    False: (
        "WITH found AS MATERIALIZED "
        "(SELECT docid FROM search_docs WHERE (title || tags || body) @@ CAST(:match AS tsquery)) "
        "SELECT docid FROM found WHERE docid >= :least AND docid < :end ORDER BY docid DESC LIMIT :count"
    ),
    True: (
        "WITH found AS MATERIALIZED "
        "(SELECT docid FROM search_docs WHERE (title || tags || body) @@ CAST(:match AS tsquery)) "
        "SELECT docid FROM found WHERE docid >= :least AND docid < :end ORDER BY docid LIMIT :count"
    ),
}
"""By whether a page before a place is asked for; what is searched for is bound.

Materialized, or the planner walks all posts by docid for a rare word: 0.7 s among 100,000.
"""
_BOUNDS: Final = "SELECT set_config('statement_timeout', :ms, true), set_config('enable_seqscan', 'off', true)"
