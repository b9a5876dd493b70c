"""Turns scheduled posts live when their time has come."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from sqlalchemy import RowMapping, select, update

from services.common.changes import append_changes
from services.common.database import Writes
from services.posts.commands.index_posts import Doc, index_posts
from services.posts.commands.live_counts import LiveCounts
from services.posts.commands.owe_related import owe_related
from services.posts.commands.touched import Seen, Step, changes_of
from services.posts.domain.indexed import markers
from services.posts.queries.blog import the_blog_held
from services.posts.queries.posts import labels_by_post
from services.posts.tables import changes, post_labels, posts

_BATCH: Final = 50
_COLUMNS = (
    posts.c.id,
    posts.c.kind,
    posts.c.version,
    posts.c.title,
    posts.c.path,
    posts.c.author_id,
    posts.c.published_at,
)


async def publish_due(writes: Writes, now: datetime) -> int:
    """Publishes a batch of what is due, once each whichever process does it; returns how many."""
    blog = await the_blog_held(writes)
    due = select(*_COLUMNS).where(posts.c.state == "scheduled", posts.c.published_at <= now).order_by(posts.c.id)
    rows = (await writes.execute(due.limit(_BATCH).with_for_update(skip_locked=True))).mappings().all()
    if not rows:
        return 0
    await _show(writes, [row["id"] for row in rows], now)
    labels = await labels_by_post(writes, [row["id"] for row in rows])
    counts = LiveCounts(ZoneInfo(blog["time_zone"]))
    for row in rows:
        if row["kind"] == "post":
            counts.add(row["published_at"], row["author_id"], [one["id"] for one in labels.get(row["id"], [])])
    await counts.apply(writes)
    await index_posts(writes, [_doc(row, labels.get(row["id"], [])) for row in rows])
    await owe_related(writes, [row["id"] for row in rows])
    steps = [_published(row, labels.get(row["id"], [])) for row in rows]
    await append_changes(writes, changes, await changes_of(writes, steps), now)
    return len(rows)


async def _show(writes: Writes, post_ids: Collection[int], now: datetime) -> None:
    """The posts themselves, and under their labels."""
    live = update(posts).where(posts.c.id.in_(post_ids)).values(state="live", version=posts.c.version + 1)
    await writes.execute(live)
    first = update(posts).where(posts.c.id.in_(post_ids), posts.c.first_live_at.is_(None))
    await writes.execute(first.values(first_live_at=now))
    listed = select(posts.c.published_at).where(posts.c.id == post_labels.c.post_id, posts.c.kind == "post")
    shown = update(post_labels).where(post_labels.c.post_id.in_(post_ids))
    await writes.execute(shown.values(live_at=listed.scalar_subquery()))


def _doc(row: RowMapping, labels: Sequence[Mapping[str, Any]]) -> Doc:
    return Doc(
        post_id=row["id"],
        at=row["published_at"],
        title=row["title"],
        markers=markers("live", row["kind"], row["author_id"], [label["id"] for label in labels], row["title"]),
        words=None,
    )


def _published(row: RowMapping, labels: Sequence[Mapping[str, Any]]) -> Step:
    scheduled = Seen(
        post_id=row["id"],
        version=row["version"],
        is_live=False,
        listed_at=None,
        path=row["path"],
        title=row["title"],
        author_id=row["author_id"],
        labels=tuple(label["name"] for label in labels),
    )
    listed_at = row["published_at"] if row["kind"] == "post" else None
    live = replace(scheduled, version=row["version"] + 1, is_live=True, listed_at=listed_at)
    return Step("post.published", scheduled, live)
