"""Asks SQLite's search index which docids match, newest first, or oldest first going back."""

import json
from typing import Final

from sqlalchemy import text

from services.common.database import Reads
from services.posts.domain.matches import Match
from services.posts.domain.search import Query
from services.posts.domain.stretches import Stretch
from services.posts.queries.search_index import Hits, Search, ask

_STRETCH: Final = 20_000
_COMMON: Final = 400
"""In so many posts of a stretch, 2 of 100, stands what is common."""
_MAX_WORDS: Final = 32


async def search_sqlite(reads: Reads, search: Search) -> Hits:
    """A stretch of months first; then all, but for words that are all common, which would be gone through to the end.

    FTS5 cannot be interrupted on its way from one match to the next.
    """
    if search.match.is_walk or search.archive is None:
        return Hits(await ask(reads, text(_FTS5[search.is_back]), search, search.match, search.docids))
    stretch = search.stretch(await search.archive.counts(), search.docids, _STRETCH)
    hits = await ask(reads, text(_FTS5[search.is_back]), search, search.match.within(stretch.markers), stretch.docids)
    if len(hits) == search.count or stretch.is_last:
        return Hits(hits)
    if not await _is_selective(reads, search.match, stretch):
        return Hits(hits, search.end_of(stretch))
    return Hits(
        hits
        + await ask(
            reads, text(_FTS5[search.is_back]), search, search.match, search.beyond(search.end_of(stretch)), hits
        )
    )


async def _is_selective(reads: Reads, match: Match, stretch: Stretch) -> bool:
    """Whether few posts have one of the words that every match has, judged by a stretch."""
    among = Match(Query((), ()), {}, [stretch.markers])
    asked = [(word, among.within([word]).written("sqlite")) for word in match.words()[:_MAX_WORDS]]
    counts = text(
        "SELECT json_extract(asked.value, '$[0]') AS word, (SELECT count(*) FROM (SELECT 1 FROM search_index "
        "WHERE search_index MATCH json_extract(asked.value, '$[1]') LIMIT :most)) AS posts "
        "FROM json_each(:asked) AS asked"
    )
    rows = await reads.execute(counts, {"asked": json.dumps(asked), "most": _COMMON})
    return match.is_selective({row.word for row in rows if row.posts < _COMMON})


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
"""By whether a page before a place is asked for. What is searched for is bound."""
