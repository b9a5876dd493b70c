"""Picked links, and the posts behind them."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select

from services.common.database import Reads
from services.posts.tables import paths, posts, related_links

_TARGET_ID: Final = func.coalesce(related_links.c.target_id, paths.c.post_id)


class LinkTarget(Struct, frozen=True):
    post_id: int
    title: str


async def targets_by_id(reads: Reads, post_ids: Collection[int]) -> Mapping[int, LinkTarget]:
    if not post_ids:
        return {}
    rows = await reads.execute(select(posts.c.id, posts.c.title).where(posts.c.id.in_(post_ids)))
    return {row.id: LinkTarget(row.id, row.title) for row in rows}


async def targets_by_path(reads: Reads, wanted: Collection[str]) -> Mapping[str, LinkTarget]:
    """The posts that have, or had, these paths."""
    if not wanted:
        return {}
    rows = await reads.execute(
        select(paths.c.path, posts.c.id, posts.c.title)
        .join(posts, posts.c.id == paths.c.post_id)
        .where(paths.c.path.in_(wanted))
    )
    return {row.path: LinkTarget(row.id, row.title) for row in rows}


TARGET: Final = posts.alias("target")


def shown_links(post_id: ColumnElement[int]) -> Select[Any]:
    """The places of a post's picked links to the outside, to paths that no post has, and to live posts, as `TARGET`."""
    is_shown = or_(_TARGET_ID.is_(None), and_(TARGET.c.state == "live", TARGET.c.id != post_id))
    return (
        select(related_links.c.position)
        .join(paths, paths.c.path == related_links.c.target_path, isouter=True)
        .join(TARGET, TARGET.c.id == _TARGET_ID, isouter=True)
        .where(related_links.c.post_id == post_id, is_shown)
    )


async def links_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[RowMapping]]:
    """Each post's picked links as its editor wrote them, with the present title and path of posts behind them."""
    found: dict[int, list[RowMapping]] = {post_id: [] for post_id in post_ids}
    rows = await reads.execute(
        select(
            related_links.c.post_id,
            related_links.c.headline,
            related_links.c.url,
            related_links.c.target_path,
            related_links.c.target_id,
            posts.c.id.label("found_id"),
            posts.c.title.label("found_title"),
            posts.c.path.label("found_path"),
        )
        .join(paths, paths.c.path == related_links.c.target_path, isouter=True)
        .join(posts, posts.c.id == _TARGET_ID, isouter=True)
        .where(related_links.c.post_id.in_(post_ids))
        .order_by(related_links.c.post_id, related_links.c.position)
    )
    for row in rows.mappings():
        found[row["post_id"]].append(row)
    return found
