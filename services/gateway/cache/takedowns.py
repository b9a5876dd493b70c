"""What was taken down, remembered in a file that all gateway processes of this machine read.

A process hears of changes by the services' feeds. When a service dies just after it has taken something away, or while
it does so, nobody hears of it any more, and the other processes would go on to show what they keep.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

import structlog

from services.gateway.cache.store import EVERYTHING, Store

THREADS: Final = "threads"
"""Stands for every page that shows a thread, where nobody can say which."""
MAX_BYTES: Final = 1024 * 1024


class Takedowns:
    """`tell` the others, `catch_up` with what they told: each line is tags that were evicted.

    A file that is full begins anew; who then cannot tell what it has missed evicts everything.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self._path = path
        self._store = store
        self._place = self._size()
        self._log = structlog.stdlib.get_logger("dateline.cache")

    async def tell(self, tags: Iterable[str]) -> None:
        """Evicts them here too. Returns once it is durable; a disk that fails is for the log, the write is done."""
        self._store.evict(self._evicted(tags))
        line = " ".join(quote(tag) for tag in sorted(tags)) + "\n"
        try:
            await asyncio.to_thread(self._append, line.encode())
        except OSError:
            self._log.exception("other processes are not told what was taken down", tags=sorted(tags))

    def catch_up(self) -> None:
        """A question to the file system, unless there is something."""
        size = self._size()
        if size == self._place:
            return
        if size < self._place:
            self._store.empty()
            self._place = size
            return
        with self._path.open("rb") as file:
            file.seek(self._place)
            lines = file.read(size - self._place)
        whole = lines[: lines.rfind(b"\n") + 1]
        self._place += len(whole)
        self._store.evict(self._evicted(map(unquote, whole.decode().split())))

    def _evicted(self, tags: Iterable[str]) -> set[str]:
        found = set(tags)
        if THREADS in found:
            found |= {"comments", *self._store.tags_of("thread:")}
        return found

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_size + len(line) > MAX_BYTES:
                os.ftruncate(file, 0)
                line = line if len(line) < MAX_BYTES else f"{min(EVERYTHING)}\n".encode()
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)

    def _size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0
