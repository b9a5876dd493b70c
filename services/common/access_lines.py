"""The access log of answers that are given out in tens of thousands a second: lines written together."""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TextIO

import structlog

_EVERY_S: Final = 0.2
_AT_ONCE: Final = 1000


class AccessLines:
    """The same events as `AccessLog` writes, each as JSON on a line, at most `_EVERY_S` later."""

    def __init__(self, service: str, stream: TextIO | None = None) -> None:
        self._service = json.dumps(service)
        self._stream = stream
        self._waiting: list[tuple[str, str, int, float, float, str]] = []

    def note(self, method: str, path: str, status: int, began: float, ended: float, request_id: str) -> None:
        """Times are of the monotonic clock."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(_EVERY_S, self.flush)
        self._waiting.append((method, path, status, began, ended, request_id))
        if len(self._waiting) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        epoch = time.time() - time.monotonic()
        text = "".join([self._line(*one, epoch) for one in waiting])
        stream = self._stream or sys.stderr
        stream.write(text)
        stream.flush()

    def _line(
        self, method: str, path: str, status: int, began: float, ended: float, request_id: str, epoch: float
    ) -> str:
        second, part = divmod(ended + epoch, 1)
        return (
            f'{{"service": {self._service}, "method": "{method}", "path": {_quoted(path)}, "status": {status}, '
            f'"took_ms": {(ended - began) * 1000:.1f}, "request_id": "{request_id}", "event": "request", '
            f'"level": "info", "timestamp": "{_second(int(second))}.{int(part * 1e6):06d}Z"}}\n'
        )


class AccessEvents:
    """The same through the log's own processors: for people who look at a terminal."""

    def __init__(self, service: str) -> None:
        self._log = structlog.stdlib.get_logger("dateline.access").bind(service=service)

    def note(self, method: str, path: str, status: int, began: float, ended: float, request_id: str) -> None:
        took_ms = round((ended - began) * 1000, 1)
        self._log.info("request", method=method, path=path, status=status, took_ms=took_ms, request_id=request_id)

    def flush(self) -> None:
        """Nothing waits."""


@lru_cache(maxsize=1024)
def _quoted(path: str) -> str:
    return json.dumps(path)


@lru_cache(maxsize=4)
def _second(since_1970: int) -> str:
    return datetime.fromtimestamp(since_1970, UTC).strftime("%Y-%m-%dT%H:%M:%S")
