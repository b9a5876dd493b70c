"""Servers in processes of their own: `dateline serve` on a folder, and an app that only returns ready bytes."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from services.common.group_commit import MAX_GROUP
from services.common.open_database import sqlite_url
from services.gateway.operator_key import operator_key

SERVER_CORE: Final = 0
ASKING_CORE: Final = 1
_SETTINGS: Final = {
    "DATELINE_LOG_FORMAT": "json",
    "DATELINE_COMMENT_QUOTA": "",
    "DATELINE_ARTICLE_QUOTA": "",
    "DATELINE_COMMENT_FILTER": "false",
}
_START_S: Final = 30.0
_MAIN: Final = """
import sys
from services.common import group_commit
group_commit.MAX_GROUP = int(sys.argv.pop(1))
from services.cli.main import main
main()
"""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def dateline(
    folder: Path, settings: Mapping[str, str] | None = None, *, most: int = MAX_GROUP, is_free: bool = False
) -> Iterator[Server]:
    """Everything in one process, with logs into a file. `most` writes share a commit; `is_free` to use all cores."""
    arguments = ["-c", _MAIN, str(most), "serve", "--data", str(folder)]
    with _process(arguments, _SETTINGS | dict(settings or {}), folder / "log", is_free=is_free) as server:
        yield server


@contextmanager
def three_services(
    folder: Path, settings: Mapping[str, str] | None = None, *, most: int = MAX_GROUP, is_free: bool = False
) -> Iterator[dict[str, Server]]:
    """By name, the gateway last; each a process of its own, with logs into a file. The rest as for `dateline`."""
    given = _SETTINGS | {"DATELINE_SECRETS": str(folder / "secrets")} | dict(settings or {})
    for name in ("posts", "comments"):
        given[f"DATELINE_{name.upper()}_DATABASE_URL"] = sqlite_url(folder / f"{name}.db")
    servers = dict[str, Server]()
    with ExitStack() as running:
        for name in ("posts", "comments", "gateway"):
            arguments = ["-c", _MAIN, str(most), name]
            log = folder / f"{name}.log"
            servers[name] = running.enter_context(_process(arguments, given, log, is_free=is_free))
            given[f"DATELINE_{name.upper()}_URL"] = servers[name].url
        yield servers


@contextmanager
def bare(answers: Mapping[str, Any], folder: Path) -> Iterator[Server]:
    """`answers` are statuses, headers and bodies by path, in hexadecimal: see `bench/bare_app.py`."""
    file = folder / "bare.json"
    file.write_text(json.dumps(answers))
    with _process(["-m", "bench.bare_app", str(file)], {}, folder / "bare.log") as server:
        yield server


@contextmanager
def _process(
    arguments: list[str], settings: Mapping[str, str], log: Path, *, is_free: bool = False
) -> Iterator[Server]:
    port = _free_port()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 our own programs
            [sys.executable, *arguments, "--port", str(port)],
            # modules are compiled once, also where the environment forbids to keep them
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""} | dict(settings),
            stdout=output,
            stderr=output,
        )
    try:
        if not is_free:
            os.sched_setaffinity(process.pid, {SERVER_CORE})
        _wait_for(port, process)
        yield Server(port, process.pid, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
                link.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                if link.recv(4096):
                    return
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(f"nothing answers on port {port}")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
    return port


def operator(server: Server, folder: Path) -> httpx.Client:
    headers = {"Authorization": f"Bearer {operator_key(folder / 'secrets')}"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False)


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        yield Path(folder)
