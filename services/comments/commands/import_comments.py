"""Takes in batches of comments from another system: each once, however often it is sent."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from msgspec import Struct, field
from sqlalchemy import RowMapping

from services.comments.commands.store_comments import store_comments
from services.comments.domain.imported import PreparedComment, Refused
from services.comments.domain.store import CommentToStore
from services.comments.domain.thread_order import Place, place
from services.comments.queries.imported import comments_with_ids, imported_comments
from services.comments.schemas.imports import ImportedOut
from services.common.database import Writes
from services.common.ids import IdSource, parse_id
from services.common.locks import hold_lock

Item = PreparedComment | Refused


class _Known(Struct, frozen=True):
    """A comment that a reply can hang on."""

    comment_id: int
    post_id: int
    place: Place


class _Batch(Struct):
    known: dict[str, _Known]
    outcomes: list[ImportedOut] = field(default_factory=list)
    rows: list[CommentToStore] = field(default_factory=list)


async def import_comments(
    writes: Writes, source: str, items: Sequence[Item], *, ids: IdSource, now: datetime
) -> list[ImportedOut]:
    """What became of each item, in order. Comments that are there already are left as they are: those of this source,
    and those under the same id, post and time, as when an export comes back to where it was made.
    """
    await hold_lock(writes, f"import {source}")
    mentioned = {item.source_id for item in items} | {
        item.parent_source_id for item in items if isinstance(item, PreparedComment) and item.parent_source_id
    }
    earlier = await imported_comments(writes, source, mentioned)
    taken = await _with_these_ids(writes, mentioned - earlier.keys())
    others = {item.source_id for item in items if not _is_same(item, taken.get(item.source_id))}
    found = {source_id: row for source_id, row in taken.items() if source_id not in others} | dict(earlier)
    batch = _Batch({source_id: _known(row) for source_id, row in found.items()})
    for item in items:
        batch.outcomes.append(_take_in(batch, source, item, taken, ids))
    await store_comments(writes, batch.rows, now)
    return batch.outcomes


async def _with_these_ids(writes: Writes, source_ids: Iterable[str]) -> dict[str, RowMapping]:
    """Comments of any origin that have foreign ids as their own."""
    wanted = {source_id: number for source_id in source_ids if (number := _foreign_id(source_id))}
    rows = await comments_with_ids(writes, wanted.values())
    return {source_id: rows[number] for source_id, number in wanted.items() if number in rows}


def _is_same(item: Item, row: RowMapping | None) -> bool:
    if row is None or isinstance(item, Refused):
        return False
    return bool(row["post_id"] == item.post_id and row["published_at"] == item.published_at)


def _take_in(batch: _Batch, source: str, item: Item, taken: Container[str], ids: IdSource) -> ImportedOut:
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
    comment_id = ids() if item.source_id in taken else _foreign_id(item.source_id) or ids()
    own = place(parent.place if parent else None, item.published_at, comment_id)
    batch.known[item.source_id] = _Known(comment_id, item.post_id, own)
    batch.rows.append(item.at_place(source, comment_id, parent.comment_id if parent else None, own))
    return ImportedOut(source_id=item.source_id, outcome="created", id=comment_id, notes=notes)


def _known(row: RowMapping) -> _Known:
    return _Known(row["id"], row["post_id"], Place(row["depth"], row["order_key"]))


def _foreign_id(source_id: str) -> int | None:
    """One that fits is kept where it is free. Only in its regular form: `7` and `007` are two ids elsewhere and must
    not become one here.
    """
    try:
        number = parse_id(source_id)
    except ValueError:
        return None
    return number if str(number) == source_id else None
