"""Fixtures: every test that takes `stack` or `databases` runs on SQLite and on PostgreSQL."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.common.logs import set_up_logs
from tests.databases import Databases, PostgresServer, SqliteFiles
from tests.kept_loop import KeptLoop
from tests.stack import Stack, running_stack


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests wait for processes, disks and clocks a good part of their time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end.

    Looking through it for garbage took 8 s of 128 in tests/security, 20 of 120 in tests/posts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    set_up_logs("json", "critical")


@pytest.fixture(scope="session")
def anyio_backend() -> Iterator[tuple[str, dict[str, Any]]]:
    loop = KeptLoop()
    yield "asyncio", {"loop_factory": lambda: loop}
    loop.end()


@pytest.fixture(scope="session")
def sqlite_files() -> Iterator[SqliteFiles]:
    files = SqliteFiles()
    yield files
    files.close()


@pytest.fixture(scope="session")
def postgres_server(anyio_backend: object) -> Iterator[PostgresServer]:  # noqa: ARG001 it ends after this
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    name = "sqlite_files" if request.param == "sqlite" else "postgres_server"
    made: Databases = request.getfixturevalue(name)
    yield made
    made.take_back()


@pytest.fixture
async def stack(databases: Databases, tmp_path: Path) -> AsyncIterator[Stack]:
    async with running_stack(databases, tmp_path) as running:
        yield running
