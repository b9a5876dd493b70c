"""Inserts that leave alone what is already there, on either database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from services.common.database import Writes


async def insert_missing(writes: Writes, table: Table, rows: Sequence[Mapping[str, Any]], on: str) -> set[Any]:
    """Inserts the rows whose `on` column is new; returns that column of the rows that went in."""
    if not rows:
        return set()
    dialect = postgresql if writes.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(list(rows)).on_conflict_do_nothing(index_elements=[on])
    return set((await writes.execute(statement.returning(table.c[on]))).scalars())
