"""Runs again what PostgreSQL undid for the sake of another transaction."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
TRIES: Final = 3
_PAUSE_S: Final = 0.02
"""At most, before the second try, and twice that before the third: a unit of work takes a few milliseconds."""
_LOST: Final = frozenset({"40001", "40P01"})
"""serialization_failure and deadlock_detected (PostgreSQL, appendix A): the transaction is undone, and may succeed."""


async def again_when_lost(attempt: Callable[[], Awaitable[T]], tries: int = TRIES) -> T:
    """What the attempt returns. It must leave nothing behind when it fails."""
    for tried in range(1, tries):
        try:
            return await attempt()
        except DBAPIError as exc:
            if not is_lost_race(exc):
                raise
        # Two that undid each other would meet again if they came back at the same time.
        await asyncio.sleep(random.uniform(0, _PAUSE_S * tried))  # noqa: S311 nothing secret
    return await attempt()


def is_lost_race(exc: DBAPIError) -> bool:
    return getattr(exc.orig, "sqlstate", None) in _LOST
