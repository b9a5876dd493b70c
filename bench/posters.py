"""A real server on its own, and clients that cost little beside it."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
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

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
