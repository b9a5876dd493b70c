"""Earlier wordings of a post."""

import json
from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.posts.domain.revisions import Revision, links_from_json, revision_of_post
from services.posts.queries.whole_posts import whole_post
from services.posts.tables import revisions


async def revisions_page(reads: Reads, post_id: int, before: int | None, limit: int) -> Sequence[RowMapping]:
    """Newest first, without bodies, one more than the limit when there are more."""
    query = select(revisions.c.version, revisions.c.title, revisions.c.written_by, revisions.c.written_at).where(
        revisions.c.post_id == post_id
    )
    if before is not None:
        query = query.where(revisions.c.version < before)
    return (await reads.execute(query.order_by(revisions.c.version.desc()).limit(limit + 1))).mappings().all()


async def revision_of(reads: Reads, post_id: int, version: int) -> Revision | None:
    query = select(revisions).where(revisions.c.post_id == post_id, revisions.c.version == version)
    row = (await reads.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    return Revision(
        version=row["version"],
        title=row["title"],
        body_format=row["body_format"],
        body_source=row["body_source"],
        labels=tuple(json.loads(row["labels"])),
        related_links=links_from_json(row["related_links"]),
        written_by=row["written_by"],
        written_at=row["written_at"],
    )


async def present_words(reads: Reads, post_id: int) -> Revision | None:
    """What a post says now; None without the post."""
    current = await whole_post(reads, post_id)
    return None if current is None else revision_of_post(current.post)
