"""The lock of a SQLite file, with real processes: whoever comes second is told so, whoever dies leaves nothing."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.common.sqlite import SqliteDatabase
from services.common.sqlite_lock import DatabaseBusyError

HOLDER = """
import asyncio, pathlib, sys
from services.common.sqlite import SqliteDatabase

async def hold():
    await SqliteDatabase.open(pathlib.Path(sys.argv[1]))
    print("open", flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""
REPOSITORY = Path(__file__).parents[2]


@asynccontextmanager
async def process(path: Path) -> AsyncIterator[Process]:
    """Another process that opens the file and holds it."""
    command = (sys.executable, "-c", HOLDER, str(path))
    started = await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdout=PIPE, stderr=PIPE)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def is_open(holder: Process) -> bool:
    assert holder.stdout is not None
    return await holder.stdout.readline() == b"open\n"


async def test_second_process_is_refused_with_a_sentence(tmp_path: Path) -> None:
    database = await SqliteDatabase.open(tmp_path / "notes.db")
    async with process(tmp_path / "notes.db") as second:
        _, said = await second.communicate()
    await database.close()
    assert second.returncode == 1
    last_line = said.decode().splitlines()[-1]
    sentence = r"\S+DatabaseBusyError: (\S+) is open in another process \(pid (\d+)\); only one process at a time .*"
    found = re.fullmatch(sentence, last_line)
    assert found is not None, last_line
    assert found[1] == str(tmp_path / "notes.db")
    assert found[2] == str(os.getpid())


async def test_lock_names_its_holder_and_ends_with_it(tmp_path: Path) -> None:
    """Also after kill -9, when nothing could be cleaned up."""
    path = tmp_path / "notes.db"
    async with process(path) as holder:
        assert await is_open(holder)
        with pytest.raises(DatabaseBusyError, match=rf"\(pid {holder.pid}\)") as caught:
            await SqliteDatabase.open(path)
        assert caught.value.path == path
        holder.kill()
        await holder.wait()
    assert path.with_name("notes.db.lock").exists()
    await (await SqliteDatabase.open(path)).close()


async def test_lock_ends_with_close(tmp_path: Path) -> None:
    for _ in range(2):
        database = await SqliteDatabase.open(tmp_path / "notes.db")
        with pytest.raises(DatabaseBusyError):
            await SqliteDatabase.open(tmp_path / "notes.db")
        await database.close()
