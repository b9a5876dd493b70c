"""Inserts that mind what is already there, on either database."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from services.common.database import Writes
from services.common.prepared import Prepared, given_by_name


async def insert_missing(
    writes: Writes, table: Table, rows: Sequence[Mapping[str, Any]], on: str | tuple[str, ...]
) -> set[Any]:
    """Inserts the rows whose `on` is new; returns that column, or those columns as tuples, of the rows that went in."""
    if not rows:
        return set()
    names = (on,) if isinstance(on, str) else on
    if len(rows) == 1:
        inserted = await _insert_one(table, tuple(rows[0]), names).rows(writes, **rows[0])
    else:
        statement = _inserting(writes.dialect.name, table, names)
        inserted = [dict(row) for row in (await writes.execute(statement.values(list(rows)))).mappings()]
    return {row[on] if isinstance(on, str) else tuple(row[name] for name in names) for row in inserted}


@cache
def _insert_one(table: Table, columns: tuple[str, ...], on: tuple[str, ...]) -> Prepared:
    given = given_by_name(table.c[name] for name in columns)
    return Prepared(lambda dialect: _inserting(dialect, table, on).values(given))


def _inserting(dialect: str, table: Table, on: tuple[str, ...]) -> ReturningInsert[Any]:
    insert = insert_on(dialect)(table).on_conflict_do_nothing(index_elements=on)
    returning: ReturningInsert[Any] = insert.returning(*(table.c[name] for name in on))
    return returning


def insert_on(dialect: str) -> Any:
    """The insert that knows conflicts."""
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


async def store_rows(
    writes: Writes, table: Table, rows: Sequence[Mapping[str, Any]], on: str, *, newer: str | None = None
) -> None:
    """Inserts the rows, each instead of one with the same `on`, or only of one with a lower `newer`.

    At most one row of an `on`.
    """
    if not rows:
        return
    statement = insert_on(writes.dialect.name)(table).values(list(rows))
    await writes.execute(
        statement.on_conflict_do_update(
            index_elements=[on],
            set_={column.name: statement.excluded[column.name] for column in table.c if column.name != on},
            where=None if newer is None else statement.excluded[newer] > table.c[newer],
        )
    )
