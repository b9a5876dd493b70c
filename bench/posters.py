"""A real server on its own, and clients that cost little beside it."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx

from services.gateway.operator_key import operator_key


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


class HttpPoster(asyncio.Protocol):
    """One connection, kept open. Streams would cost the machine that is measured twice as much."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self._transport: asyncio.WriteTransport | None = None
        self._received = b""
        self._answer: asyncio.Future[bytes] | None = None

    async def post(self, path: str, body: Any, headers: Mapping[str, str]) -> None:
        """Raises RuntimeError unless it is answered 201, or 202 for what waits."""
        loop = asyncio.get_running_loop()
        if self._transport is None:
            await loop.create_connection(lambda: self, self._host, self._port)
        content = json.dumps(body).encode()
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(content)}", *(f"{name}: {value}" for name, value in headers.items())]
        self._received, self._answer = b"", loop.create_future()
        assert self._transport is not None
        self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)
        answer = await self._answer
        if not answer.startswith((b"HTTP/1.1 201", b"HTTP/1.1 202")):
            raise RuntimeError(answer.decode())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, answer = self._received.partition(b"\r\n\r\n")
        if not found or self._answer is None:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(answer) >= length and not self._answer.done():
            self._answer.set_result(self._received)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server closed the connection"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None
