"""Follows one service's changes, and takes what shows them out of the cache."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final

import structlog

from services.common.followed import FollowedChange, FollowedPage, FollowedService, LostPlaceError, NotFollowedError
from services.gateway.cache.store import Store

WAIT_S: Final = 10.0
"""So that a service that says nothing new is heard of well within the time for which pages are trusted."""
_PAGE: Final = 1000
_CATCH_UP_S: Final = 2.0
_TRY_AGAIN_S: Final = 0.5
_MAX_SEEN: Final = 10_000

Seen = tuple[str, str, int, tuple[str, ...]]


class Follower:
    """Where it cannot tell what changed, everything is evicted."""

    def __init__(
        self,
        name: str,
        feed: FollowedService,
        store: Store,
        evicted_by: Callable[[Iterable[str]], set[str]] = set,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`evicted_by` says which tags are to be evicted for those that changes touch."""
        self._name = name
        self._feed = feed
        self._store = store
        self._evicted_by = evicted_by
        self._now = now
        self._place: str | None = None
        self._swept: str | None = None
        self._seen: set[Seen] = set()
        self._asked = 0
        self._answered = 0
        self._peeking = asyncio.Lock()
        self._log = structlog.stdlib.get_logger("dateline.cache").bind(upstream=name)
        self._is_lost = False

    async def follow(self) -> int:
        """Takes over a page of changes, once there are any; says whether there are more."""
        try:
            if self._place is None:
                await self._begin()
                return 1
            page = await self._feed.changes(self._place, limit=_PAGE, wait_s=WAIT_S)
        except NotFollowedError as exc:
            await self._on_failure(exc)
            return 0
        self._take(page.items)
        self._place = page.next
        self._is_heard()
        return int(page.has_more)

    async def _begin(self) -> None:
        """Whatever is composed from now on is not older than the place."""
        place = await self._feed.head()
        self._store.empty()
        self._place = self._swept = place
        self._seen.clear()
        self._is_heard()

    def _is_heard(self) -> None:
        self._store.heard_of(self._name, self._now())
        self._is_lost = False

    async def _on_failure(self, exc: NotFollowedError) -> None:
        if isinstance(exc, LostPlaceError):
            self._lose_place("the place is not known any more")
            return
        if not self._is_lost:
            self._log.warning("cannot be followed; trying again", reason=str(exc))
        self._is_lost = True
        self._store.lost()
        await asyncio.sleep(_TRY_AGAIN_S)

    def _lose_place(self, reason: str) -> None:
        self._log.warning("everything is composed anew", reason=reason)
        self._place = None
        self._store.empty()

    def _take(self, items: Iterable[FollowedChange]) -> None:
        items = list(items)
        self._evict(items)
        if len(self._seen) < _MAX_SEEN:
            self._seen.update(map(_seen, items))

    def _evict(self, items: Iterable[FollowedChange]) -> None:
        self._store.evict(self._evicted_by(tag for change in items for tag in change.touches))

    async def sweep(self) -> int:
        """Reads again what came since the last sweep: a change that was lost on the way, or came in a wrong order,
        is found here.
        """
        if self._place is None or self._swept is None:
            return 0
        try:
            page = await self._missed(self._swept)
            while page.has_more:
                page = await self._missed(page.next)
        except LostPlaceError:
            self._lose_place("the place is not known any more")
        except NotFollowedError:
            return 0
        else:
            self._place = self._swept = page.next
            self._seen.clear()
            self._is_heard()
        return 0

    async def _missed(self, after: str) -> FollowedPage:
        page = await self._feed.changes(after, limit=_PAGE, wait_s=0)
        missed = [change for change in page.items if _seen(change) not in self._seen]
        if missed:
            self._take(missed)
        return page

    async def catch_up(self) -> None:
        """Returns when all that was committed before is evicted. Who asks while others wait is served with them."""
        self._asked += 1
        mine = self._asked
        async with self._peeking:
            if self._answered < mine:
                answered = self._asked
                await self._peek()
                self._answered = answered

    async def _peek(self) -> None:
        """Also at changes that a follower may not pass yet, because of others before them that are still open."""
        try:
            async with asyncio.timeout(_CATCH_UP_S):
                page = await self._unsettled()
        except (NotFollowedError, TimeoutError):
            self._store.empty()
            return
        self._evict(page.items)
        if page.has_more:
            self._store.empty()

    async def _unsettled(self) -> FollowedPage:
        if self._place is None:
            raise NotFollowedError(f"{self._name} is not followed yet")
        return await self._feed.changes(self._place, limit=_PAGE, wait_s=0, settled=False)


def _seen(change: FollowedChange) -> Seen:
    return change.kind, change.entity_id, change.version, tuple(change.touches)
