"""Stores posts that are ready: rows, labels with their counts, picked links, outbox, a batch at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.ids import IdSource
from services.common.upsert import insert_missing
from services.posts.domain.store import PostToStore
from services.posts.tables import changes, labels, post_labels, posts, related_links


async def store_posts(writes: Writes, new: Sequence[PostToStore], ids: IdSource, now: datetime) -> None:
    """All of them or none. Their paths must have been claimed before."""
    if not new:
        return
    await writes.execute(insert(posts), [_post_row(post) for post in new])
    await _store_labels(writes, new, ids)
    if links := [row for post in new for row in _link_rows(post)]:
        await writes.execute(insert(related_links), links)
    await append_changes(writes, changes, [_created(post) for post in new], now)


def _post_row(post: PostToStore) -> dict[str, Any]:
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
        "version": 1,
        "source": post.source,
        "source_id": post.source_id,
        "body_html": str(post.body.html),
        "policy_version": post.body.policy_version,
        "body_format": post.body_format,
        "body_source": post.body_source,
    }


def _link_rows(post: PostToStore) -> list[dict[str, Any]]:
    return [
        {
            "post_id": post.post_id,
            "position": position,
            "headline": link.headline,
            "url": link.url,
            "target_path": link.target_path,
        }
        for position, link in enumerate(post.related_links)
    ]


async def _store_labels(writes: Writes, new: Sequence[PostToStore], ids: IdSource) -> None:
    names = sorted({name for post in new for name in post.labels})
    if not names:
        return
    await insert_missing(writes, labels, [{"id": ids(), "name": name, "live_count": 0} for name in names], on="name")
    known = await writes.execute(select(labels.c.name, labels.c.id).where(labels.c.name.in_(names)))
    label_ids = {row.name: row.id for row in known}
    await writes.execute(insert(post_labels), [row for post in new for row in _label_rows(post, label_ids)])
    await add_to_live_counts(
        writes, Counter(label_ids[name] for post in new if counts_as_live(post) for name in post.labels)
    )


def counts_as_live(post: PostToStore) -> bool:
    return post.state == "live" and post.kind == "post"


def _label_rows(post: PostToStore, label_ids: Mapping[str, int]) -> list[dict[str, Any]]:
    live_at = post.published_at if counts_as_live(post) else None
    return [
        {"post_id": post.post_id, "label_id": label_ids[name], "position": position, "live_at": live_at}
        for position, name in enumerate(post.labels)
    ]


async def add_to_live_counts(writes: Writes, added: Mapping[int, int]) -> None:
    """Adds to each label's count, in the order of ids so that two writers cannot wait for each other."""
    if added:
        await writes.execute(
            update(labels)
            .where(labels.c.id == bindparam("label_id"))
            .values(live_count=labels.c.live_count + bindparam("added")),
            [{"label_id": label_id, "added": added[label_id]} for label_id in sorted(added)],
        )


def _created(post: PostToStore) -> Change:
    touches = (f"post:{post.post_id}", "list", *(f"label:{name}" for name in post.labels))
    return Change("post.created", post.post_id, 1, touches)
