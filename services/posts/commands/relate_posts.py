"""Keeps computed related posts in step with posts, a unit of work at a time.

Each unit is prepared outside the transaction that stores it, and holds only if nothing came between. What is owed,
what has no weights and what wants a list are rows themselves: whatever is left after a crash is done by the next call.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from services.common.clock import Clock
from services.common.database import Database, Writes
from services.posts.commands.clear_gone import clear_gone
from services.posts.commands.list_related import AT_NIGHT, list_related
from services.posts.commands.read_owed import read_owed
from services.posts.commands.related_turn import LostTurnError, take_turn
from services.posts.commands.weigh_posts import weigh_posts
from services.posts.queries.related_index import the_state
from services.posts.queries.related_progress import related_progress

MANY: Final = 200
"""Posts at once, as an import brings them, are all read before any is weighed: weights depend on all of them."""
_QUIET_S: Final = 3.0
"""How long nothing more comes before many count as all."""
_TELL_EVERY_S: Final = 10.0
_NIGHTLY: Final = timedelta(hours=24)


@dataclass(slots=True)
class Relating:
    database: Database
    clock: Clock
    public_url: str
    _read: int = 0
    _read_at: float = field(default=0.0)
    _made: int = 0
    _told_at: float = field(default=0.0)
    _is_told: bool = False
    _log: structlog.stdlib.BoundLogger = field(default_factory=lambda: structlog.stdlib.get_logger("dateline.related"))

    async def __call__(self) -> int:
        """Does a unit; says whether there was anything to do."""
        try:
            return await self._unit()
        except LostTurnError:
            return 1

    async def _unit(self) -> int:
        if count := await read_owed(self.database, self.clock, self.public_url):
            self._read, self._read_at = self._read + count, time.monotonic()
            await self._tell()
            return count
        if self._read > MANY and time.monotonic() - self._read_at < _QUIET_S:
            return 0
        self._read = 0
        for step in (partial(clear_gone, clock=self.clock), weigh_posts, partial(list_related, clock=self.clock)):
            if count := await step(self.database):
                self._made += count
                await self._tell()
                return count
        if self._is_told:
            self._log.info("related posts are up to date")
        self._made, self._is_told = 0, False
        return await self._sweep()

    async def _tell(self) -> None:
        """How far work on many posts is, every so often."""
        if max(self._read, self._made) <= MANY or time.monotonic() - self._told_at < _TELL_EVERY_S:
            return
        self._told_at, self._is_told = time.monotonic(), True
        self._log.info("relating posts", **await self.database.look(related_progress))

    async def _sweep(self) -> int:
        """Makes the lists that were put off."""
        state = await self.database.look(the_state)
        now = self.clock()
        if state["swept_at"] is not None and now < state["swept_at"] + _NIGHTLY:
            return 0
        if state["swept_at"] is not None and (count := await list_related(self.database, self.clock, AT_NIGHT)):
            return count

        async def note(writes: Writes) -> None:
            await take_turn(writes, state, swept_at=now)

        await self.database.write(note)
        return 0
