"""A real server on its own, and clients that cost little beside it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from services.gateway.operator_key import operator_key
from tests.e2e.processes import free_port

_SERVE: Final = """
import sys
from services.common import group_commit
group_commit.MAX_GROUP = int(sys.argv.pop(1))
from services.cli.main import main
main()
"""
_START_S: Final = 30.0


@contextmanager
def served(folder: Path, most: int) -> Iterator[str]:
    """The URL of `dateline serve`, whose commits hold so many units of work at most; stopped in the end."""
    port = free_port()
    command = [sys.executable, "-c", _SERVE, str(most), "serve", "--data", str(folder), "--port", str(port)]
    env = {"DATELINE_LOG_LEVEL": "error", "DATELINE_TRUSTED_PROXIES": "127.0.0.1", "PATH": "/usr/bin:/bin"}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 our own command
    url = f"http://127.0.0.1:{port}"
    try:
        transport = httpx.HTTPTransport(retries=9)
        with httpx.Client(transport=transport, timeout=_START_S) as client:
            client.get(f"{url}/readyz").raise_for_status()
        yield url
    finally:
        process.terminate()
        process.wait(_START_S)


async def live_articles(url: str, secrets: Path, count: int) -> list[str]:
    """Ids of new ones: pages, which no job relates to each other meanwhile."""
    key = operator_key(secrets)
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        blank = {"kind": "page", "state": "live", "body": "<p>b</p>", "body_format": "html"}
        ids: list[str] = []
        for start in range(0, count, 100):
            posts = [
                blank | {"source_id": str(one), "title": f"T {one}", "published": "2022-01-08T12:00:00Z"}
                for one in range(start, start + 100)
            ]
            answer = await client.post("/api/v1/import/posts", json={"source": "bench", "posts": posts})
            ids += [one["id"] for one in answer.raise_for_status().json()["results"]]
        return ids


class HttpPoster:
    """One connection, kept open."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, body: Any, headers: Mapping[str, str]) -> None:
        """Raises RuntimeError unless it is answered 201, or 202 for what waits."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        content = json.dumps(body).encode()
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        answer = await reader.readexactly(length)
        if not head.startswith((b"HTTP/1.1 201", b"HTTP/1.1 202")):
            raise RuntimeError(answer.decode())
