"""One composition of a page at a time, however many wait for it."""

import asyncio

from msgspec import Struct, field

from services.gateway.cache.entries import Entry


class Flight(Struct, eq=False):
    """A composition under way. `begun` is the store's number then; `entry` what came out, None if that is not for all.

    `is_clean`: nothing that it shows was evicted meanwhile. `is_abandoned`: who was to compose it went away. `told` is
    the cache's status for those who waited.
    """

    begun: int
    done: asyncio.Event = field(default_factory=asyncio.Event)
    entry: Entry | None = None
    is_clean: bool = False
    is_abandoned: bool = True
    told: bytes = b"fwd=miss; collapsed"

    def is_for(self, arrived: int) -> bool:
        """Whether it may be shown to who came at this number of the store: whoever has just written is to read it."""
        return self.is_clean or arrived == self.begun
