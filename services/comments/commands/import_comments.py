"""Takes in batches of comments from another system: each once, however often it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping

from services.comments.commands.store_comments import store_comments
from services.comments.domain.imported import PreparedComment, Refused
from services.comments.domain.store import CommentToStore
from services.comments.domain.thread_order import Place, place
from services.comments.queries.threads import imported_comments, taken_ids
from services.comments.schemas.imports import ImportedOut
from services.common.database import Writes
from services.common.ids import IdSource, parse_id
from services.common.locks import hold_lock

Item = PreparedComment | Refused


@dataclass(frozen=True, slots=True)
class _Known:
    """A comment that a reply can hang on."""

    comment_id: int
    post_id: int
    place: Place


@dataclass(slots=True)
class _Batch:
    known: dict[str, _Known]
    outcomes: list[ImportedOut] = field(default_factory=list)
    rows: list[CommentToStore] = field(default_factory=list)


async def import_comments(
    writes: Writes, source: str, items: Sequence[Item], *, ids: IdSource, now: datetime
) -> list[ImportedOut]:
    """What became of each item, in order. Comments of this source that are there already are left as they are."""
    await hold_lock(writes, f"import {source}")
    mentioned = {item.source_id for item in items} | {
        item.parent_source_id for item in items if isinstance(item, PreparedComment) and item.parent_source_id
    }
    earlier = await imported_comments(writes, source, mentioned)
    batch = _Batch({source_id: _known(row) for source_id, row in earlier.items()})
    new_ids = await _new_ids(writes, [item.source_id for item in items if item.source_id not in earlier], ids)
    for item in items:
        batch.outcomes.append(_take_in(batch, source, item, new_ids))
    await store_comments(writes, batch.rows, now)
    return batch.outcomes


async def _new_ids(writes: Writes, source_ids: Sequence[str], ids: IdSource) -> dict[str, int]:
    """A foreign id that fits is kept; the rest, and those that are taken, get new ones."""
    wanted = {source_id: _foreign_id(source_id) for source_id in source_ids}
    taken = await taken_ids(writes, [comment_id for comment_id in wanted.values() if comment_id])
    return {
        source_id: comment_id if comment_id and comment_id not in taken else ids()
        for source_id, comment_id in wanted.items()
    }


def _take_in(batch: _Batch, source: str, item: Item, new_ids: Mapping[str, int]) -> ImportedOut:
    if isinstance(item, Refused):
        return ImportedOut(source_id=item.source_id, outcome="refused", id=None, notes=[item.reason])
    if (known := batch.known.get(item.source_id)) is not None:
        return ImportedOut(source_id=item.source_id, outcome="unchanged", id=known.comment_id, notes=[])
    notes = list(item.notes)
    parent = batch.known.get(item.parent_source_id) if item.parent_source_id else None
    if parent is not None and parent.post_id != item.post_id:
        parent = None
    if item.parent_source_id and parent is None:
        notes.append("what it answers is not there; it stands at the top of the thread")
    comment_id = new_ids[item.source_id]
    own = place(parent.place if parent else None, item.published_at, comment_id)
    batch.known[item.source_id] = _Known(comment_id, item.post_id, own)
    batch.rows.append(item.at_place(source, comment_id, parent.comment_id if parent else None, own))
    return ImportedOut(source_id=item.source_id, outcome="created", id=comment_id, notes=notes)


def _known(row: RowMapping) -> _Known:
    return _Known(row["id"], row["post_id"], Place(row["depth"], row["order_key"]))


def _foreign_id(source_id: str) -> int | None:
    """Only in its regular form: `7` and `007` are two ids elsewhere and must not become one here."""
    try:
        number = parse_id(source_id)
    except ValueError:
        return None
    return number if str(number) == source_id else None
