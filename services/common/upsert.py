"""Inserts that mind what is already there, on either database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from services.common.database import Writes


async def insert_missing(
    writes: Writes, table: Table, rows: Sequence[Mapping[str, Any]], on: str | tuple[str, ...]
) -> set[Any]:
    """Inserts the rows whose `on` is new; returns that column, or those columns as tuples, of the rows that went in."""
    if not rows:
        return set()
    names = (on,) if isinstance(on, str) else on
    dialect = postgresql if writes.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=names)
    statement = statement.returning(*(table.c[name] for name in names))
    if len(rows) == 1:  # compiled once, unlike many values
        inserted = await writes.execute(statement, dict(rows[0]))
    else:
        inserted = await writes.execute(statement.values(list(rows)))
    return {row[0] if isinstance(on, str) else tuple(row) for row in inserted}


async def store_rows(
    writes: Writes, table: Table, rows: Sequence[Mapping[str, Any]], on: str, *, newer: str | None = None
) -> None:
    """Inserts the rows, each instead of one with the same `on`, or only of one with a lower `newer`.

    At most one row of an `on`.
    """
    if not rows:
        return
    dialect = postgresql if writes.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(list(rows))
    await writes.execute(
        statement.on_conflict_do_update(
            index_elements=[on],
            set_={column.name: statement.excluded[column.name] for column in table.c if column.name != on},
            where=None if newer is None else statement.excluded[newer] > table.c[newer],
        )
    )
