"""Turns scheduled posts live when their time has come."""

from collections import Counter
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, select, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.commands.store_posts import add_to_live_counts
from services.posts.queries.posts import labels_by_post
from services.posts.tables import changes, post_labels, posts

_BATCH: Final = 50


async def publish_due(writes: Writes, now: datetime) -> int:
    """Publishes a batch of what is due, once each whichever process does it; returns how many."""
    due = select(posts.c.id, posts.c.kind, posts.c.version).where(
        posts.c.state == "scheduled", posts.c.published_at <= now
    )
    rows = (await writes.execute(due.limit(_BATCH).with_for_update(skip_locked=True))).mappings().all()
    if rows:
        ids = [row["id"] for row in rows]
        await writes.execute(update(posts).where(posts.c.id.in_(ids)).values(state="live", version=posts.c.version + 1))
        touched = await _show_in_labels(writes, [row["id"] for row in rows if row["kind"] == "post"])
        await append_changes(writes, changes, [_published(row, touched.get(row["id"], [])) for row in rows], now)
    return len(rows)


async def _show_in_labels(writes: Writes, post_ids: list[int]) -> dict[int, list[str]]:
    """Lists the posts under their labels; returns the labels' names by post."""
    live_at = select(posts.c.published_at).where(posts.c.id == post_labels.c.post_id).scalar_subquery()
    await writes.execute(update(post_labels).where(post_labels.c.post_id.in_(post_ids)).values(live_at=live_at))
    by_post = await labels_by_post(writes, post_ids)
    await add_to_live_counts(writes, Counter(label["id"] for rows in by_post.values() for label in rows))
    return {post_id: [label["name"] for label in rows] for post_id, rows in by_post.items()}


def _published(row: RowMapping, names: list[str]) -> Change:
    touches = (f"post:{row['id']}", "list", *(f"label:{name}" for name in names))
    return Change("post.published", row["id"], row["version"] + 1, touches)
