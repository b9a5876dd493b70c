"""Opens the database that a URL names."""

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from services.common.database import Database
from services.common.postgres import PostgresDatabase
from services.common.settings import SettingsError
from services.common.sqlite import SqliteDatabase

POOL_SIZE: Final = 10
"""Connections to PostgreSQL a process."""


def sqlite_url(path: Path) -> str:
    """The URL of a file, whatever characters its name has."""
    return URL.create("sqlite+aiosqlite", database=str(path)).render_as_string()


async def open_database(url: str) -> Database:
    """`sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`; raises SettingsError for another.

    Raises DatabaseBusyError when another process writes the file, DatabaseUnreachableError when no server answers.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise SettingsError("a database URL cannot be read") from exc
    if parsed.drivername == "sqlite+aiosqlite" and parsed.database:
        return await SqliteDatabase.open(Path(parsed.database))
    if parsed.drivername == "postgresql+asyncpg":
        return await PostgresDatabase.open(parsed, pool_size=POOL_SIZE)
    raise SettingsError("a database URL must be sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:…@HOST/NAME")
