"""Asks the search index which posts match, newest or best first.

What matches often is found at once in an archive of any size; words that are common but never stand together are not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, func, literal, or_, select, text

from services.common.cursors import NumberCursor
from services.common.database import Reads
from services.common.ids import MAX_ID
from services.common.paging import page_of
from services.common.sqltypes import Int64
from services.posts.domain.indexed import label_marker
from services.posts.domain.search import Clause, Label, Phrase, Query, matches
from services.posts.queries.lists import listed
from services.posts.search_tables import name_words, search_docs
from services.posts.tables import labels, posts

_SNIPPET_CHARS: Final = 40_000
"""Of the beginnings of all bodies on a page, from which their snippets are taken."""
_MAX_NAMES: Final = 50
"""Labels and authors that one word may stand for."""
_MAX_NAME_ROWS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post must bear a marker of `any_of` and all of `always`. `docids`: from the first to before the second."""

    query: Query
    any_of: Sequence[str]
    always: Sequence[str]
    docids: tuple[int, int]
    limit: int
    best_first: bool = False
    cursor: NumberCursor | None = None
    with_bodies: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Rows as lists have them, with the `beginning` of each body, and where the neighbouring pages are."""

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
        all_words = set.intersection(*(_named(names, word, is_prefix=phrase.is_prefix) for word in phrase.words))
        markers[phrase] = sorted(all_words)[:_MAX_NAMES]
    return markers


async def _names_with(reads: Reads, phrases: Sequence[Phrase]) -> Sequence[RowMapping]:
    """Words of names, each with the marker of the label or author."""
    whole = {word for phrase in phrases for word in phrase.words if not phrase.is_prefix}
    beginnings = [word for phrase in phrases for word in phrase.words if phrase.is_prefix]
    asked = [name_words.c.word.startswith(beginning, autoescape=True) for beginning in beginnings]
    if not phrases:
        return []
    query = select(name_words.c.word, name_words.c.marker).where(or_(name_words.c.word.in_(whole), *asked))
    return (await reads.execute(query.limit(_MAX_NAME_ROWS))).mappings().all()


def _named(names: Sequence[RowMapping], word: str, *, is_prefix: bool) -> set[str]:
    """The markers of the names that have a word, or one that begins so."""
    return {row["marker"] for row in names if row["word"] == word or (is_prefix and row["word"].startswith(word))}


async def _label_ids(reads: Reads, names: Sequence[str]) -> Mapping[str, int]:
    if not names:
        return {}
    rows = await reads.execute(select(labels.c.name, labels.c.id).where(labels.c.name.in_(names)))
    return {row.name: row.id for row in rows}


async def matching_posts(reads: Reads, wanted: Wanted, markers: Mapping[Clause, Sequence[str]]) -> Found:
    state = Label("")  # stands for no label, which all have names
    query = Query((((state,),), *wanted.query.required), wanted.query.excluded)
    found = matches(reads.dialect.name, query, {**markers, state: wanted.any_of}, wanted.always)
    if found is None:
        return Found([])
    groups = [found.titled, found.others] if wanted.best_first else [found.all]
    return await _page(reads, wanted, groups)


async def _page(reads: Reads, wanted: Wanted, groups: Sequence[str]) -> Found:
    """One group after the other, each newest first, until the page is full."""
    cursor, is_back = wanted.cursor, wanted.cursor is not None and wanted.cursor.is_back
    rows: list[RowMapping] = []
    for group, match in list(enumerate(groups))[:: -1 if is_back else 1]:
        if len(rows) <= wanted.limit and (span := _span(wanted, group)) is not None:
            rows += await _rows(reads, wanted, match, group, span, wanted.limit + 1 - len(rows))
    page = page_of(rows, wanted.limit, has_place=cursor is not None, is_back=is_back)
    return Found(
        page.rows,
        None if page.next_after is None else _cursor(page.next_after),
        None if page.previous_before is None else _cursor(page.previous_before, is_back=True),
    )


def _cursor(row: RowMapping, *, is_back: bool = False) -> NumberCursor:
    return NumberCursor(row["docid"], is_back, row["tier"])


def _span(wanted: Wanted, group: int) -> tuple[int, int] | None:
    """The docids of a group that are on the cursor's side of its place; None when the whole group is behind it."""
    (least, end), cursor = wanted.docids, wanted.cursor
    if cursor is None or (group > cursor.group and not cursor.is_back) or (group < cursor.group and cursor.is_back):
        return least, end
    if group != cursor.group:
        return None
    after = min(cursor.number, MAX_ID - 1) + 1
    return (max(least, after), end) if cursor.is_back else (least, min(end, cursor.number))


async def _rows(
    reads: Reads, wanted: Wanted, match: str, group: int, span: tuple[int, int], count: int
) -> Sequence[RowMapping]:
    """The posts behind what the index finds in a span of docids, the newest first, or the oldest going back."""
    is_back = wanted.cursor is not None and wanted.cursor.is_back
    given = {"match": match, "least": span[0], "end": span[1], "count": count}
    found = text(_FOUND[reads.dialect.name, is_back]).bindparams(**given).columns(docid=Int64).subquery("found")
    query = (
        listed(with_bodies=wanted.with_bodies)
        .add_columns(
            search_docs.c.docid,
            literal(group).label("tier"),
            func.substr(posts.c.body_html, 1, _SNIPPET_CHARS // wanted.limit).label("beginning"),
        )
        .join(search_docs, search_docs.c.post_id == posts.c.id)
        .join(found, found.c.docid == search_docs.c.docid)
        .order_by(found.c.docid if is_back else found.c.docid.desc())
    )
    return (await reads.execute(query)).mappings().all()


_FOUND: Final = {
    ("sqlite", False): (
        "SELECT rowid AS docid FROM search_index WHERE search_index MATCH :match "
        "AND rowid >= :least AND rowid < :end ORDER BY rowid DESC LIMIT :count"
    ),
    ("sqlite", True): (
        "SELECT rowid AS docid FROM search_index WHERE search_index MATCH :match "
        "AND rowid >= :least AND rowid < :end ORDER BY rowid LIMIT :count"
    ),
    ("postgresql", False): (
        "WITH near AS MATERIALIZED (SELECT docid, (title || tags || body) @@ CAST(:match AS tsquery) AS hit "
        "FROM search_docs WHERE docid >= :least AND docid < :end ORDER BY docid DESC LIMIT 300), "
        "far AS MATERIALIZED (SELECT docid FROM search_docs WHERE (title || tags || body) @@ CAST(:match AS tsquery)) "
        "(SELECT docid FROM near WHERE hit ORDER BY docid DESC LIMIT :count) UNION ALL "
        "(SELECT docid FROM far WHERE docid >= :least AND docid < (SELECT min(docid) FROM near) "
        "ORDER BY docid DESC LIMIT :count) LIMIT :count"
    ),
    ("postgresql", True): (
        "WITH near AS MATERIALIZED (SELECT docid, (title || tags || body) @@ CAST(:match AS tsquery) AS hit "
        "FROM search_docs WHERE docid >= :least AND docid < :end ORDER BY docid LIMIT 300), "
        "far AS MATERIALIZED (SELECT docid FROM search_docs WHERE (title || tags || body) @@ CAST(:match AS tsquery)) "
        "(SELECT docid FROM near WHERE hit ORDER BY docid LIMIT :count) UNION ALL "
        "(SELECT docid FROM far WHERE docid < :end AND docid > (SELECT max(docid) FROM near) "
        "ORDER BY docid LIMIT :count) LIMIT :count"
    ),
}
"""By dialect, and whether a page before a place is asked for. What is searched for is bound.

PostgreSQL cannot walk its index of words by date. Left to itself it walked all posts for a rare word (0.7 s among
100,000); so common words are met among the nearest 300 posts, and only rare ones are asked of the index, which is then
not read for the others.
"""
