"""Stores new posts that are ready: rows, labels, picked links, counts, index, outbox, a batch at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from services.common.changes import append_changes
from services.common.database import Writes
from services.common.ids import IdSource
from services.posts.commands.index_posts import doc_of, index_posts
from services.posts.commands.label_ids import ids_of_labels
from services.posts.commands.live_counts import LiveCounts
from services.posts.commands.owe_related import owe_related
from services.posts.commands.touched import Seen, Step, changes_of
from services.posts.domain.store import PickedLink, PostToStore
from services.posts.tables import changes, post_labels, posts, related_links


async def store_posts(writes: Writes, new: Sequence[PostToStore], ids: IdSource, now: datetime, zone: ZoneInfo) -> None:
    """All of them or none. Their paths must have been claimed before."""
    if not new:
        return
    await writes.execute(insert(posts), [post_row(post) for post in new])
    label_ids = await ids_of_labels(writes, {name for post in new for name in post.labels}, ids)
    if rows := [row for post in new for row in label_rows(post, label_ids)]:
        await writes.execute(insert(post_labels), rows)
    if links := [row for post in new for row in link_rows(post)]:
        await writes.execute(insert(related_links), links)
    await _count(writes, new, label_ids, zone)
    await index_posts(writes, [doc_of(post, [label_ids[name] for name in post.labels]) for post in new])
    await owe_related(writes, [post.post_id for post in new if post.is_listed])
    created = [Step("post.created", None, Seen.of(post)) for post in new]
    await append_changes(writes, changes, await changes_of(writes, created), now)


async def _count(writes: Writes, new: Sequence[PostToStore], label_ids: Mapping[str, int], zone: ZoneInfo) -> None:
    counts = LiveCounts(zone)
    for post in new:
        if post.is_listed and post.published_at:
            counts.add(post.published_at, post.author_id, [label_ids[name] for name in post.labels])
    await counts.apply(writes)


def post_row(post: PostToStore) -> dict[str, Any]:
    return {
        "id": post.post_id,
        "kind": post.kind,
        "state": post.state,
        "title": post.title,
        "path": post.path,
        "author_id": post.author_id,
        "excerpt": post.body.excerpt,
        "comment_policy": post.comment_policy,
        "published_at": post.published_at,
        "created_at": post.created_at,
        "updated_at": post.updated_at,
        "version": post.version,
        "source": post.source,
        "source_id": post.source_id,
        "body_html": str(post.body.html),
        "policy_version": post.body.policy_version,
        "body_format": post.body_format,
        "body_source": post.body_source,
        "has_generated_path": int(post.has_generated_path),
        "first_live_at": post.first_live_at,
        "trashed_at": post.trashed_at,
        "trashed_from": post.trashed_from,
        "written_by": post.written_by,
    }


def link_rows(post: PostToStore) -> list[dict[str, Any]]:
    return [{"post_id": post.post_id, "position": at} | link_row(link) for at, link in enumerate(post.related_links)]


def link_row(link: PickedLink) -> dict[str, Any]:
    return {
        "headline": link.headline,
        "url": link.url,
        "target_path": link.target_path,
        "target_id": link.target_id,
    }


def label_rows(post: PostToStore, label_ids: Mapping[str, int]) -> list[dict[str, Any]]:
    live_at = post.published_at if post.is_listed else None
    return [
        {"post_id": post.post_id, "label_id": label_ids[name], "position": position, "live_at": live_at}
        for position, name in enumerate(post.labels)
    ]
