"""Brings a database to its service's newest migration, from code, one process at a time."""

from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from services.common.database import Database, Reads, Writes
from services.common.locks import hold_lock

_REVISION_CHARS: Final = len("2026_11_23_0001")


async def migrate(database: Database, folder: Path) -> None:
    """Runs what is new in `folder` in one transaction: all of it holds, or none."""
    await database.write(partial(_upgrade, folder))


async def _upgrade(folder: Path, writes: Writes) -> None:
    await hold_lock(writes, "migrate")
    if await _revision(writes) != newest_revision(folder):
        await writes.run_sync(partial(upgrade_to_head, folder))


def newest_revision(folder: Path) -> str:
    """By file names (`2026_11_23_0001_first.py`), because alembic takes a third of a second to import."""
    newest = max(path.stem for path in (folder / "versions").glob("*.py"))
    return newest[:_REVISION_CHARS]


async def _revision(reads: Reads) -> str | None:
    has_table = await reads.run_sync(lambda connection: inspect(connection).has_table("alembic_version"))
    return (await reads.execute(text("SELECT version_num FROM alembic_version"))).scalar() if has_table else None


def upgrade_to_head(folder: Path, connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory(str(folder))
    with EnvironmentContext(
        config,
        scripts,
        fn=lambda revision, _context: scripts._upgrade_revs("head", revision),  # noqa: SLF001 as alembic.command does
        destination_rev="head",
    ) as environment:
        # transactional_ddl off: the unit of work around this is the transaction.
        environment.configure(connection=connection, render_as_batch=True, transactional_ddl=False)
        environment.run_migrations()
