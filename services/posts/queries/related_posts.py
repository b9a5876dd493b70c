"""Posts as the job that relates them reads them."""

from collections.abc import Collection, Mapping

from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.posts.related_tables import related_mentions
from services.posts.tables import posts


async def posts_to_read(reads: Reads, post_ids: Collection[int]) -> Mapping[int, RowMapping]:
    """Those that are live, without static pages."""
    columns = (posts.c.id, posts.c.kind, posts.c.state, posts.c.title, posts.c.body_html, posts.c.published_at)
    rows = await reads.execute(select(*columns).where(posts.c.id.in_(post_ids)))
    return {row["id"]: row for row in rows.mappings() if (row["state"], row["kind"]) == ("live", "post")}


async def mentions_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Paths of the blog that texts link to, in their order."""
    query = select(related_mentions.c.post_id, related_mentions.c.path).where(related_mentions.c.post_id.in_(post_ids))
    found = dict[int, list[str]]()
    for row in await reads.execute(query.order_by(related_mentions.c.post_id, related_mentions.c.position)):
        found.setdefault(row.post_id, []).append(row.path)
    return found
