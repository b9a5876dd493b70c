"""What an earlier import already brought."""

from collections.abc import Collection, Mapping

from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.posts.tables import authors, deleted_imports, posts


async def imported_posts(reads: Reads, source: str, source_ids: Collection[str]) -> Mapping[str, RowMapping]:
    rows = await reads.execute(
        select(posts.c.source_id, posts.c.id, posts.c.path).where(
            posts.c.source == source, posts.c.source_id.in_(source_ids)
        )
    )
    return {row["source_id"]: row for row in rows.mappings()}


async def deleted_imports_of(reads: Reads, source: str, source_ids: Collection[str]) -> set[str]:
    """Those that were brought by an import and deleted since."""
    rows = await reads.execute(
        select(deleted_imports.c.source_id).where(
            deleted_imports.c.source == source, deleted_imports.c.source_id.in_(source_ids)
        )
    )
    return set(rows.scalars())


async def taken_ids(reads: Reads, wanted: Collection[int]) -> set[int]:
    return set((await reads.execute(select(posts.c.id).where(posts.c.id.in_(wanted)))).scalars())


async def imported_authors(reads: Reads, source: str, source_ids: Collection[str]) -> Mapping[str, int]:
    """Their ids; nobody deletes them meanwhile."""
    query = select(authors.c.source_id, authors.c.id).where(
        authors.c.source == source, authors.c.source_id.in_(source_ids)
    )
    rows = await reads.execute(query.with_for_update(read=True, key_share=True))
    return {row.source_id: row.id for row in rows}
