"""Answers from the store, ahead of everything else; what is not there is composed once and kept."""

import time
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.abandoned import CLIENT_CLOSED
from services.common.access_lines import AccessLog
from services.common.header_lines import as_headers
from services.common.ready import ready_of, withdraw_ready
from services.common.request_id import new_request_id
from services.common.whole_answers import held
from services.gateway.cache.caching_headers import CachingHeaders
from services.gateway.cache.composed import Composed
from services.gateway.cache.conditions import is_known
from services.gateway.cache.encodings import best_coding
from services.gateway.cache.entries import Entry, Representation
from services.gateway.cache.flights import Flight
from services.gateway.cache.gathering import Noted, noting
from services.gateway.cache.keys import NEVER, key_of
from services.gateway.cache.store import Store
from services.gateway.cache.takedowns import Takedowns

CatchUp = Callable[[Collection[str]], Awaitable[None]]
"""Evicts what these services have changed until now."""

FRESH_S: Final = 3600.0
"""However little changes: well below the life of the stamps in forms."""
PARTIAL_FRESH_S: Final = 2.0
STALE_S: Final = 24 * 3600.0
_READS: Final = frozenset({"GET", "HEAD"})
_KEY: Final = b"authorization"
_TOKEN: Final = b"x-edit-token"
_START: Final = "http.response.start"
_BODY: Final = "http.response.body"
_STALE: Final = b"hit; fwd=stale; fwd-status=503"
_MAX_HOSTS: Final = 64
EDIT_COOKIE: Final = b"dateline-edit"

Headers = dict[bytes, bytes]


class PageCache:
    """Who shows a key or an edit token is never answered from the store, and nothing of theirs gets there."""

    def __init__(
        self,
        app: ASGIApp,
        store: Store,
        *,
        host: bytes,
        caching: CachingHeaders,
        takedowns: Takedowns,
        access_log: AccessLog | None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._store = store
        self._host = host
        self._caching = caching
        self._takedowns = takedowns
        self._access_log = access_log
        self._now = now
        self._flights: dict[str, Flight] = {}
        self.catch_up: CatchUp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is in the store is answered right here: each call more costs a hundredth of the answer."""
        if scope["type"] != "http" or scope["method"] not in _READS:
            await self._write(scope, receive, send)
            return
        began, store = self._now(), self._store
        path, query = scope["path"], scope["query_string"]
        headers: Headers = dict(scope["headers"])
        key = key_of(path, query) if query else path
        if key is None or _KEY in headers or _TOKEN in headers or EDIT_COOKIE in headers.get(b"cookie", b""):
            await self._pass_by(scope, receive, send)
            return
        entry = store.entries.get(key)
        is_known_host = (host := headers.get(b"host")) == self._host or host in store.hosts
        if entry is None or began >= entry.fresh_until or began >= store.trusted_until or not is_known_host:
            await self._miss(key, headers, scope, receive, send, began, is_known_host=is_known_host)
            return
        entry.is_used = True
        store.counts.hits += 1
        coding = best_coding(headers.get(b"accept-encoding", b""))
        found = entry.representations.get(coding) or await self._packed(key, entry, coding)
        known = headers.get(b"if-none-match")
        is_unchanged = known is not None and is_known(known, found.etag)
        store.counts.unchanged += is_unchanged
        method, request_id = scope["method"], new_request_id()
        status, body = (304, b"") if is_unchanged else (200, found.body if method == "GET" else b"")
        lines = b"%bx-request-id: %b\r\n" % (
            found.found(entry, began, is_unchanged=is_unchanged),
            request_id.encode(),
        )
        send_ready = ready_of(scope)
        if send_ready is None or not send_ready(scope, status, lines, body):
            await _send(send, status, lines, body)
        if self._access_log is not None:
            self._access_log.note(method, path, status, began, self._now(), request_id)

    def may_answer(self, path: str, query: bytes) -> bool:
        """Whether there is an entry, be it a stale one, or somebody who composes it."""
        key = key_of(path, query)
        return key in self._store.entries or key in self._flights

    async def _miss(
        self,
        key: str,
        headers: Headers,
        scope: Scope,
        receive: Receive,
        send: Send,
        began: float,
        *,
        is_known_host: bool,
    ) -> None:
        if scope["path"].startswith(NEVER):
            await self._app(scope, receive, send)
        elif is_known_host:
            await self._join(key, headers, scope, receive, send, began)
        else:  # the name is looked at inside
            await self._compose(Flight(self._store.now), key, scope, receive, send)

    async def _tell(
        self, key: str, entry: Entry, headers: Headers, scope: Scope, send: Send, told: bytes, request_id: str
    ) -> None:
        """An entry that is no fresh one out of the store; `told` is the cache's status."""
        coding = best_coding(headers.get(b"accept-encoding", b""))
        found = entry.representations.get(coding) or await self._packed(key, entry, coding)
        known = headers.get(b"if-none-match")
        is_unchanged = known is not None and is_known(known, found.etag)
        lines = found.lines(entry, told, int(self._now() - entry.made_at), is_unchanged=is_unchanged)
        body = b"" if is_unchanged or scope["method"] == "HEAD" else found.body
        await _send(send, 304 if is_unchanged else 200, lines + b"x-request-id: %b\r\n" % request_id.encode(), body)

    async def _packed(self, key: str, entry: Entry, coding: str) -> Representation:
        before = entry.size
        found = await entry.in_coding(coding)
        self._store.grew(key, entry, entry.size - before)
        return found

    async def _pass_by(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is for one reader is kept by nobody."""
        self._store.counts.bypassed += 1
        send = _heard_here(scope, send)

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
            if flight.is_abandoned:
                continue  # who composed it has gone; one of those who wait goes on, not all
            if flight.entry is None:
                await self._compose(Flight(self._store.now), key, scope, receive, send)
                return
            if flight.is_for(arrived):
                self._store.counts.collapsed += 1
                request_id = new_request_id()
                await self._tell(key, flight.entry, headers, scope, send, flight.told, request_id)
                if self._access_log is not None:
                    self._access_log.note(scope["method"], scope["path"], 200, began, self._now(), request_id)
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
        send = _heard_here(scope, send)
        with noting() as noted, store.composing():
            has_stale = store.stale(key, began, STALE_S) is not None
            held = Composed(send, noted, is_head=scope["method"] == "HEAD", has_stale=has_stale)
            await self._app({**scope, "method": "GET"}, receive, held)
            flight.is_abandoned = held.status == CLIENT_CLOSED
            if not held.is_whole:
                return
            self._takedowns.catch_up()
            entry, told = store.stale(key, began, STALE_S), _STALE
            if held.is_good:
                entry = self._entry(held, noted, began)
                flight.is_clean = store.put(key, entry, flight.begun)
                told = b"fwd=miss; stored" if flight.is_clean else b"fwd=miss"
        if entry is None:  # evicted while something better was looked for
            await held.release()
            return
        flight.entry = entry
        if not held.is_good:
            flight.told = _STALE + b"; collapsed"
        headers: Headers = dict(scope["headers"])
        if flight.is_clean:
            self._learn(headers.get(b"host", b""))
        store.counts.stale += not held.is_good
        await self._tell(key, entry, headers, scope, send, told, held.request_id)

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
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, send = self._store.now, _heard_here(scope, send)
        with noting() as noted:

            async def send_after_evicting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    await self._evict(noted, begun)
                await send(message)

            await self._app(scope, receive, send_after_evicting)

    async def _evict(self, noted: Noted, begun: int) -> None:
        """What was written, or may have been; the latter and what is gone are told to other processes."""
        if noted.touched:
            self._store.evict(noted.touched)
        if noted.written_to and self.catch_up is not None:
            await self.catch_up(noted.written_to)
        gone = noted.unsure | (self._store.evicted_since(begun) if noted.takes_down else set())
        if gone:
            await self._takedowns.tell(gone)


def _heard_here(scope: Scope, send: Send) -> Send:
    """What to send by, for who has to see answers on their way: nothing further inside sends past it."""
    send = held(scope, send)
    withdraw_ready(scope)
    return send


async def _send(send: Send, status: int, lines: bytes, body: bytes) -> None:
    await send({"type": _START, "status": status, "headers": as_headers(lines)})
    await send({"type": _BODY, "body": body})
