"""What owners said of single things, kept in memory for as long as a page that shows them would be."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, cast

from services.gateway.cache.store import Store

T = TypeVar("T")
_MOST: Final = 10_000


class Facts:
    """By the tag that its changes touch, one kind of thing for each. Without a store everything is asked for anew."""

    def __init__(self, store: Store | None, now: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._now = now

    async def of(self, tag: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Raises what `ask` raises, which is not kept."""
        store = self._store
        if store is None:
            return await ask()
        if tag in store.facts and self._now() < store.trusted_until:
            return cast("T", store.facts[tag])
        begun = store.now
        with store.composing():
            found = await ask()
            if store.trusted_until and not store.was_evicted((tag,), begun):
                _keep(store.facts, tag, found)
        return found


def _keep(facts: dict[str, Any], tag: str, found: object) -> None:
    facts.pop(tag, None)
    if len(facts) >= _MOST:
        del facts[next(iter(facts))]
    facts[tag] = found
