"""Keeps computed related posts in step with posts, a unit of work at a time.

Each unit is prepared outside the transaction that stores it, and holds only if nothing came between. What is owed,
what has no weights and what wants a list are rows themselves: whatever is left after a crash is done by the next call.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog
from msgspec import Struct, field

from services.common.clock import Clock
from services.common.database import Database, Reads, Writes
from services.posts.commands.clear_gone import clear_gone
from services.posts.commands.list_related import list_related
from services.posts.commands.made_lists import AT_NIGHT
from services.posts.commands.read_owed import READ_AT_ONCE, Read, ReadPosts, read_owed
from services.posts.commands.related_turn import LostTurnError, take_turn
from services.posts.commands.weigh_posts import WEIGHED_AT_ONCE, weigh_posts
from services.posts.queries.related_owed import owed
from services.posts.queries.related_pending import pending
from services.posts.queries.related_progress import related_progress

MANY: Final = 200
"""Posts at once, as an import brings them, are all read before any is weighed: weights depend on all of them."""
_QUIET_S: Final = 3.0
"""How long nothing more comes before many count as all."""
_NIGHTLY: Final = timedelta(hours=24)
_TELL_EVERY_S: Final = 15.0


class Relating(Struct):
    database: Database
    clock: Clock
    public_url: str
    _read: int = 0
    _read_at: float = field(default=0.0)
    _told_at: float | None = field(default=None)

    async def __call__(self) -> int:
        """Does some units; says whether there may be more to do."""
        try:
            count = await self._units()
        except LostTurnError:
            count = 1
        await self._tell(count)
        return count

    async def _tell(self, count: int) -> None:
        """How far it is, while there is much to do."""
        now = time.monotonic()
        if not count:
            self._told_at = None
        elif self._told_at is None:
            self._told_at = now
        elif now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            log = structlog.stdlib.get_logger("dateline.jobs")
            log.info("relating posts", **await self.database.look(related_progress))

    async def _units(self) -> int:
        """What one step leaves to the next is done in the same round."""
        todo, batch = await self.database.look(self._begun)
        if batch is not None:
            await self.database.write(partial(batch.store, clock=self.clock))
        read = Read() if batch is None else batch.read
        if self._is_reading_many(read):
            return read.posts
        if read.is_done:
            return 0
        count, weighed = read.posts, read.weighed
        if todo["is_gone"]:
            count += await clear_gone(self.database)
        if read.unweighed or todo["is_outdated"]:
            weighed += await weigh_posts(self.database)
        if (weighed or todo["is_wanted"]) and weighed < WEIGHED_AT_ONCE:
            count += await list_related(self.database, self.clock)
        return count + weighed or await self._sweep(todo)

    async def _begun(self, reads: Reads) -> tuple[Mapping[str, Any], ReadPosts | None]:
        """What there is to do, and of posts that are owed a batch that is ready to be stored."""
        todo = await pending(reads)
        found = await owed(reads, READ_AT_ONCE) if todo["is_owed"] else None
        if found is None:
            return todo, None
        # what else is left to do would have to be looked at for lists again
        is_all = not (todo["is_gone"] or todo["is_outdated"] or todo["is_wanted"])
        most = MANY - self._read_of_late()
        return todo, await read_owed(reads, found, self.public_url, most, is_listed=is_all)

    def _is_reading_many(self, read: Read) -> bool:
        """Whether more of many may come, so that nothing is weighed yet."""
        self._read = self._read_of_late() + read.posts
        if read.posts:
            self._read_at = time.monotonic()
        return read.is_part or self._read > MANY

    def _read_of_late(self) -> int:
        """Counted over pauses too: an import that is slower than the reading of it is still one of many."""
        return self._read if time.monotonic() - self._read_at < _QUIET_S else 0

    async def _sweep(self, state: Mapping[str, Any]) -> int:
        """Makes the lists that were put off."""
        now = self.clock()
        if state["swept_at"] is not None and now < state["swept_at"] + _NIGHTLY:
            return 0
        if state["swept_at"] is not None and (count := await list_related(self.database, self.clock, AT_NIGHT)):
            return count

        async def note(writes: Writes) -> None:
            await take_turn(writes, state, swept_at=now)

        await self.database.write(note)
        return 0
