"""Paths that are taken, now or formerly."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from services.common.database import Reads
from services.posts.tables import paths, posts


async def taken_paths(reads: Reads, wanted: Collection[str]) -> set[str]:
    return set((await reads.execute(select(paths.c.path).where(paths.c.path.in_(wanted)))).scalars())


async def owners_of_paths(reads: Reads, wanted: Collection[str]) -> Mapping[str, int]:
    """Posts in any state, by those of the paths that they have or had."""
    rows = await reads.execute(select(paths.c.path, paths.c.post_id).where(paths.c.path.in_(wanted)))
    return {row.path: row.post_id for row in rows}


async def owner_of_path(reads: Reads, path: str) -> int | None:
    owner: int | None = (await reads.execute(select(paths.c.post_id).where(paths.c.path == path))).scalar_one_or_none()
    return owner


async def paths_of_posts(reads: Reads, post_ids: Collection[int]) -> Mapping[int, str]:
    """Present ones of posts in any state, by id."""
    has_path = posts.c.path.is_not(None)
    rows = await reads.execute(select(posts.c.id, posts.c.path).where(posts.c.id.in_(post_ids), has_path))
    return {row.id: row.path for row in rows}
