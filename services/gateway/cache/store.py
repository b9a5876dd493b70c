"""Keeps entries within a number of bytes, and finds those that a change is shown by."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct

from services.gateway.cache.entries import Entry

EVERYTHING: Final = frozenset({"blog", "everything"})
"""Tags that all pages bear: the blog's settings, and changes that touch too much to name it."""
_REMEMBERED: Final = 1000


class Counts(Struct):
    """Since the process started. `collapsed` waited for somebody else's composition, `unstored` are pages that changed
    while they were being composed.
    """

    hits: int = 0
    collapsed: int = 0
    misses: int = 0
    bypassed: int = 0
    stale: int = 0
    unchanged: int = 0
    evicted: int = 0
    pushed_out: int = 0
    emptied: int = 0
    unstored: int = 0


class Store:
    """Nothing is stored or fresh until all owners of what is shown have been heard of, and not for long without them.

    Room is made by the second chance: what was asked for again since the last round stays for another.
    """

    def __init__(self, max_bytes: int, owners: Iterable[str] = (), trust_s: float = 30.0) -> None:
        self.entries: dict[str, Entry] = {}
        self.hosts: dict[bytes, None] = {}
        self.facts: dict[str, Any] = {}
        """By tag; see `Facts`."""
        self.counts = Counts()
        self.bytes = 0
        self.trusted_until = 0.0
        self.now = 0
        """Goes up with every eviction."""
        self._max_bytes = max_bytes
        self._trust_s = trust_s
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        self.heard: dict[str, float] = dict.fromkeys(owners, 0.0)
        self._evicted: dict[str, int] = {}
        self._latest: deque[tuple[int, Iterable[str]]] = deque(maxlen=_REMEMBERED)
        self._emptied = 0
        self._composing = 0

    def heard_of(self, owner: str, at: float) -> None:
        """All that the owner had changed until then (monotonic seconds) is evicted."""
        self.heard[owner] = at
        self.trusted_until = min(self.heard.values()) + self._trust_s

    def lost(self) -> None:
        """An owner does not answer: what can be asked for again is, so that its absence is told."""
        self.facts.clear()

    @contextmanager
    def composing(self) -> Iterator[None]:
        """While something is composed, evictions are remembered."""
        self._composing += 1
        try:
            yield
        finally:
            self._composing -= 1
            if not self._composing:
                self._evicted.clear()

    def put(self, key: str, entry: Entry, begun: int) -> bool:
        """Unless something that the entry shows was evicted since its composition had begun, at this number `now`."""
        if not self.trusted_until or self.was_evicted(entry.tags, begun):
            self.counts.unstored += 1
            return False
        self._drop(key)
        self.entries[key] = entry
        self.bytes += entry.size
        for tag in entry.tags:
            self._keys[tag].add(key)
        self._make_room()
        return True

    def stale(self, key: str, now: float, max_age_s: float) -> Entry | None:
        """The last good answer, for want of a better one. Nothing that a change touched since is among them."""
        entry = self.entries.get(key)
        return entry if entry is not None and now - entry.made_at < max_age_s else None

    def was_evicted(self, tags: Iterable[str], since: int) -> bool:
        return self._emptied > since or any(self._evicted.get(tag, 0) > since for tag in tags)

    def evict(self, tags: Iterable[str]) -> None:
        """Everything that bears one of the tags."""
        tags = frozenset(tags)
        if tags & EVERYTHING:
            self.empty()
            return
        self.now += 1
        self._latest.append((self.now, tags))
        if self._composing:
            self._evicted.update(dict.fromkeys(tags, self.now))
        for tag in tags:
            self.facts.pop(tag, None)
            for key in tuple(self._keys.get(tag, ())):
                self._drop(key)
                self.counts.evicted += 1

    def evicted_since(self, since: int) -> set[str]:
        """The tags that were evicted after this number `now`."""
        found = [tags for number, tags in self._latest if number > since]
        return set().union(*found) if len(found) == self.now - since else set(EVERYTHING)

    def tags_of(self, start: str) -> list[str]:
        """Those that entries bear and that begin so."""
        return [tag for tag in self._keys if tag.startswith(start)]

    def empty(self) -> None:
        """When nobody knows what changed."""
        self.now += 1
        self._latest.append((self.now, EVERYTHING))
        self._emptied = self.now
        self.counts.emptied += 1
        self.entries.clear()
        self._keys.clear()
        self.hosts.clear()
        self.facts.clear()
        self.bytes = 0

    def grew(self, key: str, entry: Entry, by: int) -> None:
        if self.entries.get(key) is entry:
            self.bytes += by
            self._make_room()

    def _make_room(self) -> None:
        while self.bytes > self._max_bytes:
            key = next(iter(self.entries))
            entry = self.entries[key]
            if entry.is_used:
                entry.is_used = False
                self.entries[key] = self.entries.pop(key)
            else:
                self._drop(key)
                self.counts.pushed_out += 1

    def _drop(self, key: str) -> None:
        entry = self.entries.pop(key, None)
        if entry is None:
            return
        self.bytes -= entry.size
        for tag in entry.tags:
            keys = self._keys[tag]
            keys.discard(key)
            if not keys:
                del self._keys[tag]

    def measures(self) -> Mapping[str, int]:
        return {"entries": len(self.entries), "bytes": self.bytes, "tags": len(self._keys)}
