"""Stores comments that are ready: rows, thread counts, outbox, a batch at a time."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, insert

from services.comments.commands.touched import touched
from services.comments.domain.store import CommentToStore
from services.comments.tables import changes, comments, threads
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.prepared import Prepared
from services.common.upsert import insert_on


@dataclass(frozen=True, slots=True)
class Counted:
    """So many more live comments in the thread of a post, and so many more that have a place in it."""

    post_id: int
    live: int
    places: int


async def store_comments(writes: Writes, new: Sequence[CommentToStore], now: datetime) -> None:
    if not new:
        return
    await count_in_threads(writes, [Counted(one.post_id, one.state == "live", one.is_shown) for one in new])
    rows = [_row(comment) for comment in new]
    if len(rows) == 1:
        await _insert_one(tuple(rows[0])).rows(writes, **rows[0])
    else:
        await writes.execute(insert(comments), rows)
    created = [
        Change("comment.created", one.comment_id, 1, touched(one.post_id) if one.is_shown else ()) for one in new
    ]
    await append_changes(writes, changes, created, now)


@cache
def _insert_one(columns: tuple[str, ...]) -> Prepared:
    values = {name: bindparam(name, type_=comments.c[name].type) for name in columns}
    return Prepared(lambda _: insert(comments).values(values))


async def count_in_threads(writes: Writes, counted: Sequence[Counted]) -> None:
    """In the order of ids, so that two writers cannot wait for each other."""
    post_ids = sorted({one.post_id for one in counted})
    live, shown = Counter[int](), Counter[int]()
    for one in counted:
        live[one.post_id] += one.live
        shown[one.post_id] += one.places
    rows = [{"post": post_id, "live": live[post_id], "shown": shown[post_id]} for post_id in post_ids]
    if len(rows) == 1:
        await _COUNT_ONE.rows(writes, **rows[0])
    else:
        await writes.execute(_counting(writes.dialect.name), rows)


def _counting(dialect: str) -> Executable:
    counts = {"live_count": bindparam("live"), "shown_count": bindparam("shown"), "version": 1}
    added = insert_on(dialect)(threads).values(post_id=bindparam("post"), **counts)
    more = {name: threads.c[name] + added.excluded[name] for name in counts}
    counting: Executable = added.on_conflict_do_update(index_elements=["post_id"], set_=more)
    return counting


_COUNT_ONE = Prepared(_counting)


def _row(comment: CommentToStore) -> dict[str, Any]:
    return {
        "id": comment.comment_id,
        "post_id": comment.post_id,
        "parent_id": comment.parent_id,
        "depth": comment.place.depth,
        "order_key": comment.place.order_key,
        "root_key": comment.place.root_key,
        "has_place": int(comment.is_shown),
        "state": comment.state,
        "author_name": comment.author_name,
        "author_url": comment.author_url,
        "published_at": comment.published_at,
        "edited_at": comment.edited_at,
        "version": 1,
        "source": comment.source,
        "source_id": comment.source_id,
        "body_html": str(comment.body.html),
        "policy_version": comment.body.policy_version,
        "body_format": comment.body_format,
        "body_source": comment.body_source,
        "reasons": json.dumps(comment.reasons, ensure_ascii=False),
        "token_hash": comment.token_hash,
        "address_hash": comment.address_hash,
        "text_hash": comment.text_hash,
        "votes": 0,
    }
