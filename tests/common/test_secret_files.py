"""Secrets in files: one secret however many ask for it first, readable by their user alone."""

import asyncio
import os
import stat
import sys
from asyncio.subprocess import PIPE
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.common.secret_files import load_or_create_secret

ASK = """
import pathlib, sys
from services.common.secret_files import load_or_create_secret
print("ready", flush=True)
sys.stdin.readline()
print(load_or_create_secret(pathlib.Path(sys.argv[1]), "gateway"))
"""
REPOSITORY = Path(__file__).parents[2]


def test_secret_is_made_once(tmp_path: Path) -> None:
    made = load_or_create_secret(tmp_path / "secrets", "gateway")
    assert len(bytes.fromhex(made)) == 32
    assert load_or_create_secret(tmp_path / "secrets", "gateway") == made
    assert load_or_create_secret(tmp_path / "secrets", "operator") != made


def test_secret_is_its_users_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        load_or_create_secret(tmp_path / "data" / "secrets", "gateway")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "data" / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "secrets" / "gateway").stat().st_mode) == 0o600


def test_secret_that_an_operator_wrote_is_taken(tmp_path: Path) -> None:
    (tmp_path / "gateway").write_text("  chosen by hand\n")
    assert load_or_create_secret(tmp_path, "gateway") == "chosen by hand"


@pytest.mark.parametrize("content", ["", " \n"])
def test_empty_file_is_no_secret(tmp_path: Path, content: str) -> None:
    """With an empty secret the operator's key would be known to everybody."""
    (tmp_path / "operator").write_text(content)
    try:
        secret = load_or_create_secret(tmp_path, "operator")
    except (ValueError, OSError):
        return
    assert secret


def test_threads_that_race_get_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        for turn in range(20):
            folder = tmp_path / str(turn)
            secrets = set(threads.map(lambda _, folder=folder: load_or_create_secret(folder, "gateway"), range(16)))
            assert len(secrets) == 1
            assert sorted(path.name for path in folder.iterdir()) == ["gateway"]


async def test_processes_that_race_get_one_secret(tmp_path: Path) -> None:
    command = (sys.executable, "-c", ASK, str(tmp_path / "secrets"))
    processes = [
        await asyncio.create_subprocess_exec(*command, cwd=REPOSITORY, stdin=PIPE, stdout=PIPE) for _ in range(5)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0] * 5
    assert len({answer for answer, _ in answers}) == 1
    assert len(answers[0][0].strip()) == 64
