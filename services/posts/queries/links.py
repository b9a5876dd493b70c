"""Picked links, and the posts behind them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, func, or_, select

from services.common.database import Reads
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.tables import paths, posts, related_links

_TARGET = func.coalesce(related_links.c.target_id, paths.c.post_id)


@dataclass(frozen=True, slots=True)
class LinkTarget:
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


_POST_ID = bindparam("post_id", type_=Int64)
_LIVE_LINKS = Prepared(
    lambda _: (
        select(
            related_links.c.headline,
            related_links.c.url,
            posts.c.id,
            posts.c.path,
            posts.c.title,
            posts.c.published_at,
            posts.c.comment_policy,
        )
        .join(paths, paths.c.path == related_links.c.target_path, isouter=True)
        .join(posts, posts.c.id == _TARGET, isouter=True)
        .where(
            related_links.c.post_id == _POST_ID,
            or_(_TARGET.is_(None), and_(posts.c.state == "live", posts.c.id != _POST_ID)),
        )
        .order_by(related_links.c.position)
    )
)


async def live_links(reads: Reads, post_id: int) -> Sequence[Mapping[str, Any]]:
    """A post's picked links in order: to the outside, to paths that no post has, and to live posts.

    A link to a post that is not live, or is gone, is left out, so that nothing tells of it.
    """
    return await _LIVE_LINKS.rows(reads, post_id=post_id)


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
        .join(posts, posts.c.id == _TARGET, isouter=True)
        .where(related_links.c.post_id.in_(post_ids))
        .order_by(related_links.c.post_id, related_links.c.position)
    )
    for row in rows.mappings():
        found[row["post_id"]].append(row)
    return found
