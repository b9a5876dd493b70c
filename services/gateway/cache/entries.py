"""Stored answers, each in the codings that were asked for."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable
from typing import Final

from services.gateway.cache.encodings import IDENTITY, MIN_BYTES, packed

Header = tuple[bytes, bytes]
_PER_REQUEST: Final = frozenset({b"x-request-id", b"content-length", b"date", b"vary"})
_NOT_MODIFIED: Final = frozenset({b"cache-control", b"surrogate-key", b"etag", b"vary"})
_OVERHEAD_BYTES: Final = 4096
"""What an entry takes besides its bodies: headers, tags, places in tables. Measured with 10,000 of them."""


class Representation:
    """A body as it is sent, with headers that are ready but for the request's id."""

    __slots__ = ("_at", "_found", "_headers", "_short", "_unchanged", "body", "etag")

    def __init__(self, entry: "Entry", coding: str, body: bytes) -> None:
        mark = b"" if coding == IDENTITY else b"-" + coding.encode()
        self.body = body
        self.etag = b'"' + entry.digest + mark + b'"'
        own: list[Header] = [(b"etag", self.etag), (b"vary", b"Accept-Encoding")]
        coded = [] if coding == IDENTITY else [(b"content-encoding", coding.encode())]
        length = (b"content-length", str(len(body)).encode())
        self._headers: list[Header] = [*entry.headers, *own, *coded, length]
        self._short: list[Header] = [one for one in self._headers if one[0] in _NOT_MODIFIED]
        self._at = -1
        self._found: list[Header] = []
        self._unchanged: list[Header] = []

    def headers(self, status: bytes, age: int = 0, *, is_unchanged: bool = False) -> list[Header]:
        """With a `Cache-Status` (RFC 9211)."""
        told = [(b"age", str(age).encode()), (b"cache-status", b"Dateline; " + status)]
        return [*(self._short if is_unchanged else self._headers), *told]

    def found(self, entry: "Entry", now: float, *, is_unchanged: bool = False) -> list[Header]:
        """Of an answer out of the store: the same list for a whole second."""
        age = int(now - entry.made_at)
        if age != self._at:
            status = b"hit; ttl=%d" % (entry.fresh_until - now)
            self._found = self.headers(status, age)
            self._unchanged = self.headers(status, age, is_unchanged=True)
            self._at = age
        return self._unchanged if is_unchanged else self._found


class Entry:
    """`made_at` and `fresh_until` are monotonic seconds; `is_used` since the store last looked for room."""

    __slots__ = (
        "_packing",
        "digest",
        "fresh_until",
        "headers",
        "is_used",
        "made_at",
        "representations",
        "size",
        "tags",
    )

    def __init__(
        self, headers: Iterable[Header], body: bytes, tags: Collection[str], made_at: float, fresh_s: float
    ) -> None:
        self.digest = hashlib.blake2b(body, digest_size=12).hexdigest().encode()
        self.headers = [one for one in headers if one[0] not in _PER_REQUEST]
        self.tags = tuple(tags)
        self.made_at = made_at
        self.fresh_until = made_at + fresh_s
        self.is_used = False
        self.size = len(body) + _OVERHEAD_BYTES
        self.representations = {IDENTITY: Representation(self, IDENTITY, body)}
        self._packing: dict[str, asyncio.Task[Representation]] = {}

    async def in_coding(self, coding: str) -> Representation:
        """Packed once, however many ask at the same time. What is small or does not shrink stays as it is."""
        if (made := self.representations.get(coding)) is not None:
            return made
        if (making := self._packing.get(coding)) is None:
            making = self._packing[coding] = asyncio.create_task(self._make(coding))
        return await asyncio.shield(making)

    async def _make(self, coding: str) -> Representation:
        plain = self.representations[IDENTITY]
        made = plain
        if len(plain.body) >= MIN_BYTES:
            body = await packed(coding, plain.body)
            if len(body) < len(plain.body):
                made = Representation(self, coding, body)
                self.size += len(body)
        self.representations[coding] = made
        self._packing.pop(coding, None)
        return made
