"""The outbox: every write leaves a row about itself in its own transaction, for others to follow.

On PostgreSQL a sequence number is handed out before its transaction commits, so numbers alone do not tell what a
reader has seen. A row therefore holds its transaction's id as well: a reader takes rows in the order of
(transaction, seq) and stops before the oldest transaction that is still open. SQLite has one writer: there the numbers
alone are the order.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

import msgspec
from msgspec import Struct
from sqlalchemy import Column, FetchedValue, Index, MetaData, Table, Text, insert

from services.common.database import Writes
from services.common.prepared import Prepared, given_by_name
from services.common.sqltypes import Instant, Int64


class Change(Struct, frozen=True):
    """What happened to which entity; `touches` names what shows it (`post:12`, `label:Boats`, `list`)."""

    kind: str
    entity_id: int
    version: int
    touches: tuple[str, ...] = ()


def changes_table(metadata: MetaData) -> Table:
    return Table(
        "changes",
        metadata,
        Column("seq", Int64, primary_key=True, autoincrement=True),
        Column("xid", Int64, FetchedValue(), nullable=False),
        Column("kind", Text, nullable=False),
        Column("entity_id", Int64, nullable=False),
        Column("version", Int64, nullable=False),
        Column("touches", Text, nullable=False),
        Column("at", Instant, nullable=False),
        Index("changes_in_order", "xid", "seq").ddl_if(dialect="postgresql"),  # elsewhere their numbers are the order
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


async def append_changes(writes: Writes, table: Table, changes: Iterable[Change], at: datetime) -> None:
    rows = [
        {
            "kind": change.kind,
            "entity_id": change.entity_id,
            "version": change.version,
            "touches": msgspec.json.encode(change.touches).decode(),
            "at": at,
        }
        for change in changes
    ]
    if len(rows) == 1:
        await _append_one(table).rows(writes, **rows[0])
    elif rows:
        await writes.execute(insert(table), rows)


@cache
def _append_one(table: Table) -> Prepared:
    given = [column for column in table.c if column.name not in ("seq", "xid")]
    return Prepared(lambda _: insert(table).values(given_by_name(given)))
