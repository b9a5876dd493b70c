"""Asks PostgreSQL's search index which docids match, newest first, or oldest first going back."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.exc import DBAPIError

from services.common.database import Reads
from services.posts.queries.search_index import Hits, Search, ask

_NEAR: Final = 300
_STRETCH: Final = 5_000
_MAX_SEARCH_MS: Final = 1_000
_QUERY_CANCELED: Final = "57014"


async def search_postgresql(reads: Reads, search: Search) -> Hits:
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
        if search.archive is not None:
            stretch = search.stretch(await search.archive.counts(), search.beyond(went_to), _STRETCH)
            hits += await ask(
                reads, text(_GIN[search.is_back]), search, search.match.within(stretch.markers), stretch.docids, hits
            )
            if len(hits) == search.count or stretch.is_last:
                return Hits(hits)
            went_to = search.end_of(stretch)
        return Hits(
            hits + await ask(reads, text(_GIN[search.is_back]), search, search.match, search.beyond(went_to), hits)
        )
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _QUERY_CANCELED:
            raise
        return Hits(hits, went_to)


@asynccontextmanager
async def _bounded(reads: Reads) -> AsyncIterator[None]:
    """The planner takes reading all texts for cheap: it does not count what it takes to unpack them."""
    bounds = text("SELECT set_config('statement_timeout', :ms, true), set_config('enable_seqscan', 'off', true)")
    savepoint = await reads.begin_nested()
    try:
        await reads.execute(bounds, {"ms": f"{_MAX_SEARCH_MS}"})
        yield
    finally:
        await savepoint.rollback()


async def _near(reads: Reads, search: Search) -> Sequence[RowMapping]:
    least, end = search.docids
    given = {"match": search.match.written("postgresql"), "least": least, "end": end, "count": _NEAR}
    return (await reads.execute(text(_WALK[search.is_back]), given)).mappings().all()


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
