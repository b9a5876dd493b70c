"""Pages of the posts that match a search, newest or best first."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import RowMapping, func, select

from services.common.cursors import NumberCursor
from services.common.database import Reads
from services.common.ids import MAX_ID
from services.common.paging import page_of
from services.posts.domain.indexed import label_marker
from services.posts.domain.matches import Match, Part
from services.posts.domain.search import Clause, Label, Phrase, Query
from services.posts.domain.stretches import Docids
from services.posts.queries.fts5 import search_sqlite
from services.posts.queries.gin import search_postgresql
from services.posts.queries.lists import listed
from services.posts.queries.search_index import Archive, Search
from services.posts.search_tables import name_words, search_docs
from services.posts.tables import labels, posts

_SNIPPET_CHARS: Final = 40_000
"""Of the beginnings of all bodies on a page, from which their snippets are taken."""
_MAX_NAMES: Final = 50
"""Labels and authors that one word may stand for."""
_MAX_NAME_ROWS: Final = 1_000


class Wanted(Struct, frozen=True):
    """A post must bear a marker of each group of `borne`.

    `is_of_archive`: these leave only live posts, which the archive counts.
    """

    query: Query
    borne: Sequence[Sequence[str]]
    is_of_archive: bool
    docids: Docids
    limit: int
    best_first: bool = False
    cursor: NumberCursor | None = None
    with_bodies: bool = False

    @property
    def is_back(self) -> bool:
        return self.cursor is not None and self.cursor.is_back


class Found(Struct, frozen=True):
    """Rows as lists have them, with the `beginning` of each body, and where the neighbouring pages are.

    Fewer rows than the limit do not say that there is no next page: a search may have been given up on its way.
    """

    rows: Sequence[RowMapping]
    next_cursor: NumberCursor | None = None
    previous_cursor: NumberCursor | None = None


async def markers_for(reads: Reads, query: Query) -> Mapping[Clause, Sequence[str]]:
    """The markers of the labels and authors whose names each clause stands for."""
    if query.is_empty:
        return {}
    phrases = [clause for clause in query.clauses() if isinstance(clause, Phrase)]
    names = await _names_with(reads, phrases)
    ids = await _label_ids(reads, query.labels())
    markers: dict[Clause, Sequence[str]] = {Label(name): [label_marker(label_id)] for name, label_id in ids.items()}
    for phrase in phrases:
        all_words = set.intersection(*(_named(names, word) for word in phrase.words))
        markers[phrase] = sorted(all_words)[:_MAX_NAMES]
    return markers


async def _names_with(reads: Reads, phrases: Sequence[Phrase]) -> Sequence[RowMapping]:
    """Words of names, each with the marker of the label or author."""
    if not phrases:
        return []
    asked = name_words.c.word.in_({word for phrase in phrases for word in phrase.words})
    query = select(name_words.c.word, name_words.c.marker).where(asked).limit(_MAX_NAME_ROWS)
    return (await reads.execute(query)).mappings().all()


def _named(names: Sequence[RowMapping], word: str) -> set[str]:
    """The markers of the names that have a word."""
    return {row["marker"] for row in names if row["word"] == word}


async def _label_ids(reads: Reads, names: Sequence[str]) -> Mapping[str, int]:
    if not names:
        return {}
    rows = await reads.execute(select(labels.c.name, labels.c.id).where(labels.c.name.in_(names)))
    return {row.name: row.id for row in rows}


async def matching_posts(reads: Reads, wanted: Wanted, names: Mapping[Clause, Sequence[str]]) -> Found:
    match = Match(wanted.query, names, wanted.borne)
    if not match.is_possible:
        return Found([])
    hits, went_to = await _hits(reads, wanted, match)
    page = page_of(hits, wanted.limit, has_place=wanted.cursor is not None, is_back=wanted.is_back)
    rows = await _rows(reads, wanted, [hit.number for hit in page.rows])
    before = page.previous_before and replace(page.previous_before, is_back=True)
    if wanted.is_back:
        return Found(rows, page.next_after, before or went_to)
    return Found(rows, page.next_after or went_to, before)


async def _hits(reads: Reads, wanted: Wanted, match: Match) -> tuple[Sequence[NumberCursor], NumberCursor | None]:
    """The places of what one part after the other has, each newest first, until there is one more than a page holds.

    With the place at which a search was given up.
    """
    search_index = search_sqlite if reads.dialect.name == "sqlite" else search_postgresql
    parts: list[Part] = ["titled", "others"] if wanted.best_first else ["all"]
    archive = Archive(reads) if wanted.is_of_archive else None
    hits: list[NumberCursor] = []
    for group, part in list(enumerate(parts))[:: -1 if wanted.is_back else 1]:
        missing = wanted.limit + 1 - len(hits)
        if not missing or (span := _span(wanted, group)) is None:
            continue
        search = Search(match.of(part), span, missing, wanted.is_back, archive)
        found = await search_index(reads, search)
        hits += [NumberCursor(docid, group=group) for docid in found.docids]
        if found.went_to is not None:
            return hits, NumberCursor(found.went_to, wanted.is_back, group)
    return hits, None


def _span(wanted: Wanted, group: int) -> Docids | None:
    """The docids of a group that are on the cursor's side of its place; None when the whole group is behind it."""
    (least, end), cursor = wanted.docids, wanted.cursor
    if cursor is None or (group > cursor.group and not cursor.is_back) or (group < cursor.group and cursor.is_back):
        return least, end
    if group != cursor.group:
        return None
    after = min(cursor.number, MAX_ID - 1) + 1
    return (max(least, after), end) if cursor.is_back else (least, min(end, cursor.number))


async def _rows(reads: Reads, wanted: Wanted, docids: Sequence[int]) -> Sequence[RowMapping]:
    """The posts behind docids, in the order of these."""
    beginning = func.substr(posts.c.body_html, 1, _SNIPPET_CHARS // wanted.limit).label("beginning")
    query = (
        listed(with_bodies=wanted.with_bodies)
        .add_columns(search_docs.c.docid, beginning)
        .join(search_docs, search_docs.c.post_id == posts.c.id)
        .where(search_docs.c.docid.in_(docids))
    )
    rows = {row["docid"]: row for row in (await reads.execute(query)).mappings()} if docids else {}
    return [rows[docid] for docid in docids]
