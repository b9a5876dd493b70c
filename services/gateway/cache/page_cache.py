"""Answers from the store, ahead of everything else; what is not there is composed once and kept."""

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Final, Protocol

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.request_id import new_request_id
from services.gateway.cache.caching_headers import CachingHeaders
from services.gateway.cache.composed import Composed
from services.gateway.cache.conditions import is_known
from services.gateway.cache.encodings import best_coding
from services.gateway.cache.entries import Entry, Representation
from services.gateway.cache.flights import Flight
from services.gateway.cache.gathering import Noted, noting
from services.gateway.cache.keys import NEVER, key_of
from services.gateway.cache.store import Store

CatchUp = Callable[[Collection[str]], Awaitable[None]]
"""Evicts what these services have changed until now."""

FRESH_S: Final = 3600.0
"""However little changes: well below the life of the stamps in forms."""
PARTIAL_FRESH_S: Final = 2.0
STALE_S: Final = 24 * 3600.0
_READS: Final = frozenset({"GET", "HEAD"})
_ID: Final = b"x-request-id"
_MAX_HOSTS: Final = 64
EDIT_COOKIE: Final = b"dateline-edit"

Headers = dict[bytes, bytes]


class AccessLog(Protocol):
    def note(self, method: str, path: str, status: int, began: float, ended: float, request_id: str) -> None: ...


class PageCache:
    """Who shows a key or an edit token is never answered from the store, and nothing of theirs gets there."""

    def __init__(
        self,
        app: ASGIApp,
        store: Store,
        *,
        host: bytes,
        caching: CachingHeaders,
        access_log: AccessLog | None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._store = store
        self._host = host
        self._caching = caching
        self._access_log = access_log
        self._now = now
        self._flights: dict[str, Flight] = {}
        self.catch_up: CatchUp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] in _READS:
            await self._read(scope, receive, send)
        else:
            await self._write(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = self._now()
        store, headers = self._store, dict(scope["headers"])
        path, query = scope["path"], scope["query_string"]
        key = key_of(path, query) if query else path
        if key is None or is_somebodys(headers):
            await self._pass_by(scope, receive, send)
            return
        entry = store.entries.get(key)
        host = headers.get(b"host", b"")
        if host != self._host and host not in store.hosts:
            await self._compose(Flight(store.now), key, scope, receive, send)  # the name is looked at inside
        elif entry is not None and began < entry.fresh_until and began < store.trusted_until:
            entry.is_used = True
            store.counts.hits += 1
            await self._found(key, entry, headers, scope, send, began)
        elif path.startswith(NEVER):
            await self._app(scope, receive, send)
        else:
            await self._join(key, headers, scope, receive, send, began)

    async def _found(
        self,
        key: str,
        entry: Entry,
        headers: Headers,
        scope: Scope,
        send: Send,
        began: float,
        told: bytes = b"",
        logged_as: str | None = None,
    ) -> None:
        """`told` is the cache's status where it is none of a fresh page; `logged_as` the id of a request that is in the
        access log already.
        """
        coding = best_coding(headers.get(b"accept-encoding", b""))
        found = entry.representations.get(coding) or await self._packed(key, entry, coding)
        known = headers.get(b"if-none-match")
        is_unchanged = known is not None and is_known(known, found.etag)
        if told:
            lines = found.headers(told, int(began - entry.made_at), is_unchanged=is_unchanged)
        else:
            lines = found.found(entry, began, is_unchanged=is_unchanged)
        status, body = (304, b"") if is_unchanged else (200, found.body)
        method, request_id = scope["method"], logged_as or new_request_id()
        await send({"type": "http.response.start", "status": status, "headers": [*lines, (_ID, request_id.encode())]})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
        if is_unchanged:
            self._store.counts.unchanged += 1
        if self._access_log is not None and logged_as is None:
            self._access_log.note(method, scope["path"], status, began, self._now(), request_id)

    async def _packed(self, key: str, entry: Entry, coding: str) -> Representation:
        before = entry.size
        found = await entry.in_coding(coding)
        self._store.grew(key, entry, entry.size - before)
        return found

    async def _pass_by(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is for one reader is kept by nobody."""
        self._store.counts.bypassed += 1

        async def send_unstored(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "private, no-store")
            await send(message)

        await self._app(scope, receive, send_unstored)

    async def _join(self, key: str, headers: Headers, scope: Scope, receive: Receive, send: Send, began: float) -> None:
        """Waits for the one who composes the page, or is that one."""
        arrived = self._store.now
        while (flight := self._flights.get(key)) is not None:
            await flight.done.wait()
            if flight.entry is None:
                await self._compose(Flight(self._store.now), key, scope, receive, send)
                return
            if flight.is_for(arrived):
                self._store.counts.collapsed += 1
                await self._found(key, flight.entry, headers, scope, send, began, b"fwd=miss; collapsed")
                return
        flight = self._flights[key] = Flight(arrived)
        try:
            await self._compose(flight, key, scope, receive, send)
        finally:
            del self._flights[key]
            flight.done.set()

    async def _compose(self, flight: Flight, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        store, began = self._store, self._now()
        store.counts.misses += 1
        with noting() as noted, store.composing():
            has_stale = store.stale(key, began, STALE_S) is not None
            held = Composed(send, noted, is_head=scope["method"] == "HEAD", has_stale=has_stale)
            await self._app({**scope, "method": "GET"}, receive, held)
            if not held.is_whole:
                return
            entry, told = store.stale(key, began, STALE_S), b"hit; fwd=stale; fwd-status=503"
            if held.is_good:
                entry = self._entry(held, noted, began)
                flight.is_clean = store.put(key, entry, flight.begun)
                told = b"fwd=miss; stored" if flight.is_clean else b"fwd=miss"
        if entry is None:  # evicted while something better was looked for
            await held.release()
            return
        flight.entry = entry
        headers: Headers = dict(scope["headers"])
        if flight.is_clean:
            self._learn(headers.get(b"host", b""))
        store.counts.stale += not held.is_good
        await self._found(key, entry, headers, scope, send, began, told, held.request_id)

    def _entry(self, held: Composed, noted: Noted, began: float) -> Entry:
        """As old as its composition's beginning: what changed later is not in it."""
        caching = self._caching.of(noted.tags, is_partial=noted.is_partial)
        fresh_s = PARTIAL_FRESH_S if noted.is_partial else FRESH_S
        return Entry([*held.headers, *caching], held.body, noted.tags, began, fresh_s)

    def _learn(self, host: bytes) -> None:
        """A name that was served. Until the blog's settings change it need not be looked at again."""
        hosts = self._store.hosts
        if host != self._host and len(hosts) < _MAX_HOSTS:
            hosts[host] = None

    async def _write(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whoever has written reads it in the next answer."""
        with noting() as noted:

            async def send_after_evicting(message: Message) -> None:
                if message["type"] == "http.response.start" and noted.written_to and self.catch_up is not None:
                    await self.catch_up(noted.written_to)
                await send(message)

            await self._app(scope, receive, send_after_evicting)


def is_somebodys(headers: Headers) -> bool:
    """Whether a key or an edit token comes with it. Other cookies are none of ours."""
    if b"authorization" in headers or b"x-edit-token" in headers:
        return True
    return b"cookie" in headers and EDIT_COOKIE in headers[b"cookie"]
