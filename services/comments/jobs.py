"""Work that the comments service does by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import structlog
from msgspec import Struct

from services.comments.commands.address_hashes import forget_salts
from services.comments.commands.ask_anew import ask_anew
from services.comments.commands.follow_posts import lose_place, take_over, take_place
from services.comments.commands.mails import forget_stale
from services.comments.commands.subscriptions import forget_asked, forget_unconfirmed
from services.comments.commands.vote import forget_vote_quotas
from services.comments.domain.sweep import Sweep
from services.comments.mailer import Mailer
from services.comments.posts_service import PostsService
from services.comments.queries.followed import the_posts_feed
from services.comments.tables import idempotency
from services.common.clock import Clock
from services.common.database import Database, Writes
from services.common.followed import FollowedPage, LostPlaceError, NotFollowedError
from services.common.idempotency import KEPT, forget_old
from services.common.job_runs import JobRuns
from services.common.repeated import repeated

WAIT_S: Final = 5.0
FOLLOW_EVERY_S: Final = 0.1
"""So that many changes at once are taken over together."""
FORGET_EVERY_S: Final = 600.0
MAIL_EVERY_S: Final = 2.0
_TRY_AGAIN_S: Final = 1.0


@asynccontextmanager
async def jobs(
    database: Database, posts: PostsService, clock: Clock, runs: JobRuns, mailer: Mailer | None = None
) -> AsyncIterator[None]:
    """Runs all of them beside what stands inside, and ends them with that. No `mailer`, no mails."""

    def forget() -> Awaitable[int]:
        return database.write(partial(forget_old, table=idempotency, before=clock() - KEPT))

    def forget_networks() -> Awaitable[int]:
        return database.write(partial(forget_salts, now=clock()))

    async def forget_addresses() -> int:
        forgotten = (forget_unconfirmed, forget_stale, forget_asked)
        return sum([await database.write(partial(forget, now=clock())) for forget in forgotten])

    def forget_quotas() -> Awaitable[int]:
        return database.write(partial(forget_vote_quotas, now=clock()))

    async with AsyncExitStack() as running:
        await running.enter_async_context(
            repeated("following posts", Follower(database, posts, clock), FOLLOW_EVERY_S, runs)
        )
        await running.enter_async_context(repeated("forgetting old keys", forget, FORGET_EVERY_S, runs))
        await running.enter_async_context(repeated("forgetting networks", forget_networks, FORGET_EVERY_S, runs))
        await running.enter_async_context(repeated("forgetting addresses", forget_addresses, FORGET_EVERY_S, runs))
        await running.enter_async_context(repeated("forgetting quotas of votes", forget_quotas, FORGET_EVERY_S, runs))
        if mailer is not None:
            await running.enter_async_context(repeated("sending mails", mailer, MAIL_EVERY_S, runs))
        yield


class Follower(Struct):
    database: Database
    posts: PostsService
    clock: Clock
    is_lost: bool = False

    async def __call__(self) -> int:
        """Takes over a page of changes, once there are any; says whether there are more."""
        log = structlog.stdlib.get_logger("dateline.jobs")
        try:
            more = await self._take_over_page()
        except LostPlaceError:
            log.warning("posts do not know our place in their feed; asking for everything anew")
            await self.database.write(lose_place)
            return 1
        except NotFollowedError as exc:
            if not self.is_lost:
                log.warning("posts cannot be followed; trying again", reason=str(exc))
            self.is_lost = True
            await asyncio.sleep(_TRY_AGAIN_S)
            return 0
        if self.is_lost:
            log.info("posts are followed again")
        self.is_lost = False
        return more

    async def _take_over_page(self) -> int:
        async with self.database.read() as reads:
            place = (await the_posts_feed(reads))["place"]
        sweep = None if place is None else Sweep.decode(place)
        if place is None or sweep is not None:
            await ask_anew(self.database, self.posts, sweep, self.clock())
            return 1
        page = await self.posts.changes(place, WAIT_S)
        if page.items:
            await self._take_over(page, place)
        return int(page.has_more)

    async def _take_over(self, page: FollowedPage, place: str) -> None:
        """What changed is asked for as it is now: the feed only says where to look."""
        changed = {change.entity_id for change in page.items if change.kind.startswith("post.")}
        found = await self.posts.posts(changed)
        gone = changed - {post.id for post in found}
        rules_changed = any(change.kind.startswith(("blog.", "author.")) for change in page.items)
        rules = await self.posts.rules() if rules_changed else None
        now = self.clock()

        async def work(writes: Writes) -> None:
            await take_over(writes, found, gone, now=now)
            await take_place(writes, page.next, place, rules, now=now)

        await self.database.write(work)
