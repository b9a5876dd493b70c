"""Makes a database of posts to measure with: `python -m bench.archive --posts 100000 DIR_OR_URL`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.check import check
from bench.fill import fill
from services.cli.progress import shown_progress
from services.common.database import Database
from services.common.migrate import migrate
from services.common.open_database import open_database, sqlite_url
from services.posts.app import MIGRATIONS


def main(
    archive: Annotated[str, typer.Argument(help="A folder, which gets a `posts.db`, or the URL of a database.")],
    posts: Annotated[int, typer.Option(help="How many.")] = 1_000,
) -> None:
    """Interrupted, it goes on where it stopped when it is run again."""
    asyncio.run(_make(database_url(archive), posts))


def database_url(archive: str) -> str:
    return archive if "://" in archive else sqlite_url(Path(archive).absolute() / "posts.db")


async def _make(url: str, size: int) -> None:
    database = await open_database(url)
    try:
        await migrate(database, MIGRATIONS)
        with shown_progress() as progress:
            await fill(database, size, progress)
            await check(database, size, progress)
        await _settle(database)
    finally:
        await database.close()


async def _settle(database: Database) -> None:
    """What PostgreSQL does by itself some time after so many writes."""
    engine = database.engines()[0]
    if engine.dialect.name == "postgresql":
        async with AsyncEngine(engine).connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


if __name__ == "__main__":
    typer.run(main)
