"""One event a request: method, path without its query, status, milliseconds. As JSON they are written together."""

import asyncio
import json
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TextIO

import structlog

from services.common.settings import ServiceSettings

_EVERY_S: Final = 0.2
_AT_ONCE: Final = 1000
_TICK_S: Final = 0.01
"""How exact the times of the lines are."""


class AccessLines:
    """Each as JSON on a line, at most `_EVERY_S` later: the log's own processors take as long as a page of a cache."""

    def __init__(self, service: str, stream: TextIO | None = None) -> None:
        self._service = json.dumps(service)
        self._stream = stream
        self._waiting: list[str] = []
        self._end = ""
        self._next_tick = 0.0

    def note(self, method: str, path: str, status: int, began: float, ended: float, request_id: str) -> None:
        """Times are of the monotonic clock."""
        if ended >= self._next_tick:
            self._tick(ended)
        waiting = self._waiting
        if not waiting:
            asyncio.get_running_loop().call_later(_EVERY_S, self.flush)
        told = _told(method, path, status)
        waiting.append(f'{told}{(ended - began) * 1000:.1f}, "request_id": "{request_id}{self._end}')
        if len(waiting) >= _AT_ONCE:
            self.flush()

    def _tick(self, now: float) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
        self._end = f'", "service": {self._service}, "event": "request", "level": "info", "timestamp": "{at}Z"}}\n'
        self._next_tick = now + _TICK_S

    def flush(self) -> None:
        if not self._waiting:
            return
        text = "".join(self._waiting)
        self._waiting.clear()
        stream = self._stream or sys.stderr
        stream.write(text)
        stream.flush()


class AccessEvents:
    """The same through the log's own processors: for people who look at a terminal."""

    def __init__(self, service: str) -> None:
        self._log = structlog.stdlib.get_logger("dateline.access").bind(service=service)

    def note(self, method: str, path: str, status: int, began: float, ended: float, request_id: str) -> None:
        took_ms = round((ended - began) * 1000, 1)
        self._log.info("request", method=method, path=path, status=status, took_ms=took_ms, request_id=request_id)

    def flush(self) -> None:
        """Nothing waits."""


AccessLog = AccessLines | AccessEvents


def access_log_of(service: str, settings: ServiceSettings) -> AccessLog | None:
    """None where such events are below the level."""
    if settings.log_level not in {"debug", "info"}:
        return None
    for_people = settings.log_format == "lines" or (settings.log_format == "auto" and sys.stderr.isatty())
    return AccessEvents(service) if for_people else AccessLines(service)


@lru_cache(maxsize=4096)
def _told(method: str, path: str, status: int) -> str:
    return f'{{"method": "{method}", "path": {json.dumps(path)}, "status": {status}, "took_ms": '
