"""Reads the outbox in an order in which a follower passes nothing by."""

import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, RowMapping, Table, Text, cast, func, select, true, tuple_

from services.common.bell import wait_for_ring
from services.common.cursors import decode_bytes, encode_bytes
from services.common.database import Database, Reads
from services.common.problems import Invalid
from services.common.sqltypes import Int64

_XID_AND_SEQ = struct.Struct(">qq")
# text in between, because PostgreSQL casts xid8 to nothing else
_OLDEST_OPEN = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), Int64)


@dataclass(frozen=True, slots=True)
class ChangeCursor:
    """The place after the change of this transaction with this number."""

    xid: int
    seq: int

    def encode(self) -> str:
        return encode_bytes(_XID_AND_SEQ.pack(self.xid, self.seq))

    @classmethod
    def decode(cls, text: str) -> "ChangeCursor":
        """Raises Invalid for what is no place in a feed."""
        try:
            return cls(*_XID_AND_SEQ.unpack(decode_bytes(text)))
        except (struct.error, Invalid) as exc:
            detail = "Not a place in this feed: pass back next unchanged."
            raise Invalid([{"parameter": "after", "detail": detail}]) from exc


BEGINNING = ChangeCursor(0, 0)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Rows of the outbox, and the place after them."""

    rows: Sequence[RowMapping]
    next: ChangeCursor
    has_more: bool


async def read_changes(reads: Reads, table: Table, after: ChangeCursor, limit: int) -> ChangePage:
    """A page in the order of (transaction, seq). Whatever is committed later comes after it."""
    place = tuple_(table.c.xid, table.c.seq)
    page = select(table).where(place > (after.xid, after.seq), _is_settled(reads, table))
    found = await reads.execute(page.order_by(table.c.xid, table.c.seq).limit(limit + 1))
    rows = found.mappings().all()
    last = rows[:limit][-1:]
    return ChangePage(rows[:limit], ChangeCursor(last[0]["xid"], last[0]["seq"]) if last else after, len(rows) > limit)


async def present_end(reads: Reads, table: Table) -> ChangeCursor:
    """Where a follower begins that reads the state afterwards: what that may lack comes after this place.

    On PostgreSQL it lies before every transaction that is still open, so some of what follows may be known already.
    """
    if reads.dialect.name == "postgresql":
        return ChangeCursor((await reads.execute(select(_OLDEST_OPEN))).scalar_one(), 0)
    return ChangeCursor(0, (await reads.execute(select(func.max(table.c.seq)))).scalar() or 0)


async def wait_for_changes(
    database: Database, table: Table, after: ChangeCursor, limit: int, wait_s: float
) -> ChangePage:
    """A page at once when there is something, else as soon as there is, else an empty one when the time is over.

    No connection is held meanwhile.
    """
    ends_at = time.monotonic() + wait_s
    while True:
        ring = database.bell.next_ring()
        async with database.read() as reads:
            page = await read_changes(reads, table, after, limit)
        left_s = ends_at - time.monotonic()
        if page.rows or left_s <= 0:
            return page
        await wait_for_ring(ring, min(left_s, database.look_again_s))


def _is_settled(reads: Reads, table: Table) -> ColumnElement[bool]:
    """Holds below the oldest transaction that is still open: nothing can appear there any more.

    SQLite has one writer: what is committed later has a higher number.
    """
    return table.c.xid < _OLDEST_OPEN if reads.dialect.name == "postgresql" else true()
