"""Whether a made-up archive is what the service would have stored: counts counted anew, a sample of posts made anew."""

from contextlib import suppress
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, text

from bench import content
from services.common.database import Database, Reads, Writes
from services.migration.progress import Progress
from services.posts.commands.archive import count_archive
from services.posts.commands.index_posts import doc_of
from services.posts.commands.store_posts import link_rows, post_row
from services.posts.domain.bodies import body_policy, render_body
from services.posts.domain.indexed import docid_of, month_marker, state_marker
from services.posts.domain.matches import Match
from services.posts.domain.search import Query
from services.posts.queries.archive import archive_months
from services.posts.queries.blog import the_blog
from services.posts.search_tables import search_docs
from services.posts.tables import authors, labels, paths, post_labels, posts, related_links

_SAMPLE: Final = 200
_LISTED: Final = (posts.c.state == "live", posts.c.kind == "post")


class WrongArchiveError(AssertionError):
    """The archive is not what the service would have stored."""


class _UndoneError(Exception):
    """Ends a unit of work that must leave nothing."""


async def check(database: Database, size: int, progress: Progress) -> None:
    """Raises WrongArchiveError."""
    sample = range(0, size, max(1, size // _SAMPLE))
    progress.start("checked", len(sample))
    async with database.read() as reads:
        await _check_sizes(reads, size)
        await _check_counts(reads, labels, select(post_labels.c.label_id).where(post_labels.c.live_at.is_not(None)))
        await _check_counts(reads, authors, select(posts.c.author_id).where(*_LISTED))
        for n in sample:
            await _check_post(reads, n, size)
            progress.advance(1)
    await _check_archive(database)


def _expect(found: object, wanted: object, what: str) -> None:
    if found != wanted:
        raise WrongArchiveError(f"{what}: {found!r} instead of {wanted!r}")


async def _check_sizes(reads: Reads, size: int) -> None:
    live = sum(not content.is_draft(n) for n in range(size))
    for table, wanted in ((posts, size), (search_docs, size)):
        found = (await reads.execute(select(func.count()).select_from(table))).scalar_one()
        _expect(found, wanted, f"rows of {table.name}")
    _expect((await reads.execute(select(func.count()).where(*_LISTED))).scalar_one(), live, "live posts")
    match = Match(Query((), ()), {}, [[state_marker("live", "post")]]).written(reads.dialect.name)
    counted = text(_MATCHING[reads.dialect.name]).bindparams(match=match)
    _expect((await reads.execute(counted)).scalar_one(), live, "live posts in the index")


async def _check_counts(reads: Reads, table: Any, bearers: Select[Any]) -> None:
    """`live_count` of each row against how often its id stands among the bearers."""
    of = bearers.subquery()
    one = of.c[0]
    counted = {row[0]: row[1] for row in await reads.execute(select(one, func.count()).group_by(one))}
    for row in await reads.execute(select(table.c.id, table.c.live_count)):
        _expect(row.live_count, counted.pop(row.id, 0), f"live_count of {table.name} {row.id}")
    _expect(counted, {}, f"bearers of unknown {table.name}")


async def _check_post(reads: Reads, n: int, size: int) -> None:
    made = content.post(n, size)
    _expect(made.body, render_body(made.body_source, made.body_format, body_policy(frozenset())), f"body of post {n}")
    stored = dict((await reads.execute(select(posts).where(posts.c.id == made.post_id))).mappings().one())
    own = select(paths.c.path).where(paths.c.post_id == made.post_id)
    claimed = set((await reads.execute(own)).scalars())
    former = {content.former_path(n)} if made.is_listed else {None}
    _expect(claimed, (former | {stored["path"]}) - {None}, f"paths of post {n}")
    _expect(stored | {"path": None}, post_row(made), f"row of post {n}")
    links = select(related_links).where(related_links.c.post_id == made.post_id).order_by(related_links.c.position)
    _expect([dict(row) for row in (await reads.execute(links)).mappings()], link_rows(made), f"links of post {n}")
    borne = select(labels.c.name, labels.c.id).join(post_labels, post_labels.c.label_id == labels.c.id)
    rows = await reads.execute(borne.where(post_labels.c.post_id == made.post_id).order_by(post_labels.c.position))
    ids = {row.name: row.id for row in rows}
    _expect(tuple(ids), made.labels, f"labels of post {n}")
    doc = doc_of(made, list(ids.values()))
    row = (await reads.execute(select(search_docs).where(search_docs.c.post_id == made.post_id))).one()
    _expect(row.docid, docid_of(doc.at, doc.post_id), f"docid of post {n}")
    if reads.dialect.name == "sqlite":  # PostgreSQL keeps words in another order
        _expect(
            (row.tags, row.body), (f"{month_marker(doc.at)} {doc.markers}", doc.words), f"indexed words of post {n}"
        )


async def _check_archive(database: Database) -> None:
    async def work(writes: Writes) -> None:
        zone = ZoneInfo((await the_blog(writes))["time_zone"])
        kept = await archive_months(writes)
        await count_archive(writes, zone)
        _expect(kept, await archive_months(writes), "the archive's counts")
        raise _UndoneError

    with suppress(_UndoneError):
        await database.write(work)


_MATCHING: Final = {
    "sqlite": "SELECT count(*) FROM search_index WHERE search_index MATCH :match",
    "postgresql": ("SELECT count(*) FROM search_docs WHERE (title || tags || body) @@ CAST(:match AS tsquery)"),
}
