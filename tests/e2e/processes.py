"""The `dateline` command as real processes, started and ended by tests."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

_START_S = 30.0
COMMAND = [sys.executable, "-c", "from services.cli.main import main; main()"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def dateline(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(  # noqa: S603 our own command
        [*COMMAND, *map(str, arguments)],
        env=os.environ | dict(env or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class Running:
    """A serving process; `url` is where it is reached."""

    url: str
    process: subprocess.Popen[str]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Asks it to end and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_START_S)


def begun(*arguments: str | Path, port: int, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """`dateline ARGUMENTS --port PORT`, which does not answer yet."""
    return subprocess.Popen(  # noqa: S603 our own command
        [*COMMAND, *map(str, arguments), "--port", str(port)],
        env=os.environ | {"DATELINE_LOG_LEVEL": "warning"} | dict(env or {}),
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(*arguments: str | Path, port: int | None = None, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """`dateline ARGUMENTS --port PORT` once it answers; killed at the end if it still runs."""
    port = port or free_port()
    process = begun(*arguments, port=port, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_it_answers(url, process)
        yield Running(url, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _wait_until_it_answers(url: str, process: subprocess.Popen[str]) -> None:
    """The process says where it serves once it listens; connections queue from then on."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"it ended with status {process.wait()}"
    with httpx.Client(trust_env=False, timeout=_START_S) as client:
        client.get(f"{url}/livez").raise_for_status()
