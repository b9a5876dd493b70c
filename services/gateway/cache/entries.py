"""Stored answers, each in the codings that were asked for."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable
from typing import Final

from services.common.header_lines import Header, as_headers, as_lines
from services.gateway.cache.encodings import IDENTITY, MIN_BYTES, packed

_PER_REQUEST: Final = frozenset({b"x-request-id", b"content-length", b"date", b"vary"})
_NOT_MODIFIED: Final = frozenset({b"cache-control", b"surrogate-key"})
_OVERHEAD_BYTES: Final = 4096
"""What an entry takes besides its bodies: headers, tags, places in tables. Measured with 10,000 of them."""


class Representation:
    """A body as it is sent, with the headers that are its own."""

    __slots__ = ("_at", "_found", "_length", "_own", "_unchanged", "body", "etag")

    def __init__(self, entry: "Entry", coding: str, body: bytes) -> None:
        mark = b"" if coding == IDENTITY else b"-" + coding.encode()
        self.body = body
        self.etag = b'"' + entry.digest + mark + b'"'
        self._own = as_lines([(b"etag", self.etag), (b"vary", b"Accept-Encoding")])
        coded = [] if coding == IDENTITY else [(b"content-encoding", coding.encode())]
        self._length = as_lines([*coded, (b"content-length", str(len(body)).encode())])
        self._at = -1
        self._found = self._unchanged = b""

    def lines(self, entry: "Entry", status: bytes, age: int, *, is_unchanged: bool) -> bytes:
        """All headers but the request's id, with a `Cache-Status` (RFC 9211)."""
        told = b"age: %d\r\ncache-status: Dateline; %b\r\n" % (age, status)
        if is_unchanged:
            return b"%b%b%b" % (entry.not_modified_lines(), self._own, told)
        return b"%b%b%b%b" % (entry.lines, self._own, self._length, told)

    def found(self, entry: "Entry", now: float, *, is_unchanged: bool) -> bytes:
        """Those of an answer out of the store: the same for a whole second."""
        age = int(now - entry.made_at)
        if age != self._at:
            self._at, self._found, self._unchanged = age, b"", b""
        known = self._unchanged if is_unchanged else self._found
        if known:
            return known
        lines = self.lines(entry, b"hit; ttl=%d" % (entry.fresh_until - now), age, is_unchanged=is_unchanged)
        if is_unchanged:
            self._unchanged = lines
        else:
            self._found = lines
        return lines


class Entry:
    """`made_at` and `fresh_until` are monotonic seconds; `is_used` since the store last looked for room."""

    __slots__ = (
        "_packing",
        "digest",
        "fresh_until",
        "is_used",
        "lines",
        "made_at",
        "representations",
        "size",
        "tags",
    )

    def __init__(
        self, headers: Iterable[Header], body: bytes, tags: Collection[str], made_at: float, fresh_s: float
    ) -> None:
        self.digest = hashlib.blake2b(body, digest_size=12).hexdigest().encode()
        self.lines = as_lines(one for one in headers if one[0] not in _PER_REQUEST)
        self.tags = tuple(tags)
        self.made_at = made_at
        self.fresh_until = made_at + fresh_s
        self.is_used = False
        self.size = len(body) + _OVERHEAD_BYTES
        self.representations = {IDENTITY: Representation(self, IDENTITY, body)}
        self._packing: dict[str, asyncio.Task[Representation]] = {}

    def not_modified_lines(self) -> bytes:
        """What a 304 repeats (RFC 9110, 15.4.5), without what belongs to a representation."""
        return as_lines(one for one in as_headers(self.lines) if one[0] in _NOT_MODIFIED)

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
