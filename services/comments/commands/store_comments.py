"""Stores comments that are ready: rows, thread counts, outbox, a batch at a time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, insert

from services.comments.commands.touched import touched
from services.comments.domain.store import CommentToStore
from services.comments.tables import changes, comments, threads
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.prepared import Prepared, given_by_name
from services.common.upsert import insert_on


class Counted(Struct, frozen=True):
    """So many more live comments in the thread of a post, and so many more that have a place in it."""

    post_id: int
    live: int
    places: int


class Stored(Struct, frozen=True):
    """A comment's row, and how many places its thread has now."""

    row: Mapping[str, Any]
    shown_count: int


async def store_comments(writes: Writes, new: Sequence[CommentToStore], now: datetime) -> None:
    if not new:
        return
    await count_in_threads(writes, [Counted(one.post_id, one.state == "live", one.is_shown) for one in new])
    await writes.execute(insert(comments), [_row(comment) for comment in new])
    await append_changes(writes, changes, [_created(one) for one in new], now)


async def store_comment(writes: Writes, new: CommentToStore, now: datetime) -> Stored:
    """The same for one alone, as they come from readers."""
    counted = {"post": new.post_id, "live": int(new.state == "live"), "shown": int(new.is_shown)}
    thread = (await _COUNT_ONE.rows(writes, **counted))[0]
    row = _row(new)
    await _INSERT_ONE.rows(writes, **row)
    await append_changes(writes, changes, [_created(new)], now)
    return Stored(row, thread["shown_count"])


def _created(comment: CommentToStore) -> Change:
    return Change("comment.created", comment.comment_id, 1, touched(comment.post_id) if comment.is_shown else ())


_INSERT_ONE = Prepared(lambda _: insert(comments).values(given_by_name(comments.c)))


async def count_in_threads(writes: Writes, counted: Sequence[Counted]) -> None:
    """In the order of ids, so that two writers cannot wait for each other."""
    post_ids = sorted({one.post_id for one in counted})
    live, shown = Counter[int](), Counter[int]()
    for one in counted:
        live[one.post_id] += one.live
        shown[one.post_id] += one.places
    rows = [{"post": post_id, "live": live[post_id], "shown": shown[post_id]} for post_id in post_ids]
    await writes.execute(_counting(writes.dialect.name), rows)


def _counting(dialect: str) -> Any:
    counts = {"live_count": bindparam("live"), "shown_count": bindparam("shown"), "version": 1}
    added = insert_on(dialect)(threads).values(post_id=bindparam("post"), **counts)
    more = {name: threads.c[name] + added.excluded[name] for name in counts}
    return added.on_conflict_do_update(index_elements=["post_id"], set_=more)


_COUNT_ONE = Prepared(lambda dialect: _counting(dialect).returning(threads.c.shown_count))


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
        "reasons": msgspec.json.encode(comment.reasons).decode(),
        "token_hash": comment.token_hash,
        "address_hash": comment.address_hash,
        "text_hash": comment.text_hash,
        "votes": 0,
    }
