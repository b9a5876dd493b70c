"""Reads the outbox in an order in which a follower passes nothing by."""

import struct
import time
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Table,
    Text,
    bindparam,
    cast,
    func,
    select,
    true,
    tuple_,
    type_coerce,
)

from services.common.bell import wait_for_ring
from services.common.cursors import decode_bytes, encode_bytes
from services.common.database import Database, Reads
from services.common.microseconds import to_microseconds
from services.common.prepared import Prepared
from services.common.problems import Invalid
from services.common.sqltypes import Int64

_CURSOR = struct.Struct(">qqq")
# text in between, because PostgreSQL casts xid8 to nothing else
_OLDEST_OPEN = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), Int64)


class UnknownPlace(Invalid):
    """Followers start over, and read the state anew."""

    def __init__(self) -> None:
        detail = "Not a place in this feed: pass back next unchanged, or begin at its head."
        super().__init__([{"parameter": "after", "detail": detail}])


class ChangeCursor(Struct, frozen=True):
    """The place after the change of this transaction with this number.

    `at` is when the change with the number happened, in microseconds since 1970: what is followed may be an older copy
    one day, or another database, in which the number is missing or stands for something else.
    """

    xid: int
    seq: int
    at: int = 0

    def encode(self) -> str:
        return encode_bytes(_CURSOR.pack(self.xid, self.seq, self.at))

    @classmethod
    def decode(cls, text: str) -> "ChangeCursor":
        """Raises Invalid for what is no place in a feed."""
        try:
            return cls(*_CURSOR.unpack(decode_bytes(text)))
        except (struct.error, Invalid) as exc:
            raise UnknownPlace from exc


BEGINNING = ChangeCursor(0, 0)


class ChangeRow(NamedTuple):
    """`touches` is JSON, a list of texts; `at` in microseconds since 1970."""

    kind: str
    entity_id: int
    version: int
    touches: str
    xid: int
    seq: int
    at: int


class ChangePage(Struct, frozen=True):
    """Rows of the outbox, and the place after them."""

    rows: Sequence[ChangeRow]
    next: ChangeCursor
    has_more: bool


async def read_changes(
    reads: Reads, table: Table, after: ChangeCursor, limit: int, *, settled: bool = True
) -> ChangePage:
    """A page in the order of (transaction, seq). Whatever is committed later comes after it, unless the page is not
    `settled`: that is all there is by now, for who does not go on from it.
    """
    found = await _page(table, settled=settled).tuples(reads, xid=after.xid, seq=after.seq, most=limit + 1)
    rows = [ChangeRow(*row) for row in found[:limit]]
    place = ChangeCursor(rows[-1].xid, rows[-1].seq, rows[-1].at) if rows else after
    return ChangePage(rows, place, len(found) > limit)


@cache
def _page(table: Table, *, settled: bool) -> Prepared:
    def build(dialect: str) -> Executable:
        order = _order(table, dialect)
        after = tuple_(*order) > tuple_(*(bindparam(column.name, type_=Int64) for column in order))
        columns = [type_coerce(table.c[name], Int64) if name == "at" else table.c[name] for name in ChangeRow._fields]
        page = select(*columns).where(after, _is_settled(dialect, table) if settled else true())
        return page.order_by(*order).limit(bindparam("most", type_=Int64))

    return Prepared(build)


def _order(table: Table, dialect: str) -> list[Column[int]]:
    """SQLite looks only the first of two columns up: it would read all rows of its one transaction id."""
    return [table.c.xid, table.c.seq] if dialect == "postgresql" else [table.c.seq]


async def require_place(reads: Reads, table: Table, place: ChangeCursor) -> None:
    """Raises UnknownPlace unless what lies before the place is what it was when the place was given."""
    is_ahead = (
        reads.dialect.name == "postgresql" and place.xid >= (await reads.execute(select(_OLDEST_OPEN))).scalar_one()
    )
    if is_ahead or not await _is_as_it_was(reads, table, place):
        raise UnknownPlace


async def _is_as_it_was(reads: Reads, table: Table, place: ChangeCursor) -> bool:
    """A place before the first change has nothing before it."""
    if place.seq == 0:
        order = _order(table, reads.dialect.name)
        before = select(table.c.seq).where(tuple_(*order) <= tuple_(*(getattr(place, one.name) for one in order)))
        return (await reads.execute(before.limit(1))).first() is None
    change = await _moment(table).first(reads, seq=place.seq)
    return change is not None and to_microseconds(change["at"]) == place.at


@cache
def _moment(table: Table) -> Prepared:
    return Prepared(lambda _: select(table.c.at).where(table.c.seq == bindparam("seq", type_=Int64)))


async def present_end(reads: Reads, table: Table) -> ChangeCursor:
    """Where a follower begins that reads the state afterwards: what that may lack comes after this place.

    On PostgreSQL it lies before every transaction that is still open, so some of what follows may be known already.
    """
    xid = 0
    if reads.dialect.name == "postgresql":
        xid = (await reads.execute(select(_OLDEST_OPEN))).scalar_one() - 1
    newest = select(table.c.seq, table.c.at).order_by(table.c.seq.desc()).limit(1)
    last = (await reads.execute(newest)).first()
    # of the transaction before the oldest open one nothing has a higher number: it has ended
    return ChangeCursor(xid, 0) if last is None else ChangeCursor(xid, last.seq, to_microseconds(last.at))


async def wait_for_changes(
    database: Database, table: Table, after: ChangeCursor, limit: int, wait_s: float, *, settled: bool = True
) -> ChangePage:
    """A page at once when there is something, else as soon as there is, else an empty one when the time is over.

    No connection is held meanwhile. Raises UnknownPlace.
    """
    ends_at = time.monotonic() + wait_s
    is_known = False
    while True:
        ring = database.bell.next_ring()
        async with database.read(is_short=True) as reads:
            page = await read_changes(reads, table, after, limit, settled=settled)
            if page.rows or not is_known:
                await require_place(reads, table, after)
                is_known = True
        left_s = ends_at - time.monotonic()
        if page.rows or left_s <= 0:
            return page
        await wait_for_ring(ring, min(left_s, database.look_again_s))


def _is_settled(dialect: str, table: Table) -> ColumnElement[bool]:
    """Holds below the oldest transaction that is still open: nothing can appear there any more.

    SQLite has one writer: what is committed later has a higher number.
    """
    return table.c.xid < _OLDEST_OPEN if dialect == "postgresql" else true()
