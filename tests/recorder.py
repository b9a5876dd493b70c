"""Counts what a request costs: statements sent to databases, calls to services."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, event

from services.common.request_id import HEADER, NO_REQUEST, current_request_id

_TRANSACTION_WORDS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "SELECT pg_advisory_xact_lock")


@dataclass(slots=True)
class Costs:
    """`queries` by service, `calls` as `service METHOD /path`, `requests` the ids that the calls carried."""

    queries: dict[str, list[str]] = field(default_factory=lambda: {"posts": [], "comments": []})
    calls: list[str] = field(default_factory=list)
    requests: set[str] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        return {service: len(statements) for service, statements in self.queries.items()}


class Recorder:
    """Listens to engines and transports; `recording` gives the costs of requests to the gateway inside it, without
    what jobs and followers ask beside.
    """

    def __init__(self) -> None:
        self._current: Costs | None = None

    def listen_to(self, service: str, engine: Engine) -> None:
        @event.listens_for(engine, "before_cursor_execute")
        def on_execute(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            current = self._current
            if current is None or current_request_id() not in current.requests:
                return
            if not statement.startswith(_TRANSACTION_WORDS):
                current.queries[service].append(statement)

    def note_call(self, service: str, request: httpx.Request) -> None:
        if self._current is not None and request.headers[HEADER] != NO_REQUEST:
            self._current.calls.append(f"{service} {request.method} {request.url.path}")
            self._current.requests.add(request.headers[HEADER])

    @contextmanager
    def recording(self) -> Iterator[Costs]:
        self._current = Costs()
        try:
            yield self._current
        finally:
            self._current = None


class SwitchableTransport(httpx.AsyncBaseTransport):
    """A transport that tells a recorder of its calls, if it has one, and whose service can be taken away."""

    def __init__(self, service: str, inner: httpx.AsyncBaseTransport, recorder: Recorder | None = None) -> None:
        self._service = service
        self._inner = inner
        self._recorder = recorder
        self.instead: httpx.AsyncBaseTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._recorder is not None:
            self._recorder.note_call(self._service, request)
        return await (self.instead or self._inner).handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
