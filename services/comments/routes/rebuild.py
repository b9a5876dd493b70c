"""Makes anew what is only derived: the numbers of threads, and what is known of posts."""

from contextlib import suppress
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.comments.commands.ask_anew import ask_anew
from services.comments.commands.follow_posts import lose_place
from services.comments.commands.recount import recount_threads
from services.comments.deps import PostsDep
from services.comments.domain.sweep import Sweep
from services.comments.posts_service import PostsService
from services.comments.queries.followed import the_posts_feed
from services.comments.queries.recount import followed_count
from services.comments.schemas.rebuild import RebuildStep, RebuiltOut
from services.common.bell import wait_for_ring
from services.common.callers import CallerPrincipal
from services.common.clock import Clock
from services.common.cursors import NumberCursor
from services.common.database import Database
from services.common.deps import ClockDep, DatabaseDep
from services.common.followed import LostPlaceError, NotFollowedError

router = APIRouter()
THREADS_A_STEP: Final = 100
_WAIT_S: Final = 1.0
_BEGINNING: Final = NumberCursor(0)
_POSTS: Final = NumberCursor(0, group=1)


@router.post("/comments/rebuild")
async def rebuild_comments(
    step: RebuildStep, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep, posts: PostsDep
) -> RebuiltOut:
    """A step that takes a bounded time. Once all threads are counted, posts are asked for everything anew."""
    principal.require("import:run")
    place = _BEGINNING if step.cursor is None else NumberCursor.decode(step.cursor)
    if place.group == _POSTS.group:
        return await _posts_step(database, clock, posts)
    return await _threads_step(database, clock, place.number)


async def _threads_step(database: Database, clock: Clock, after: int) -> RebuiltOut:
    found = await database.write(partial(recount_threads, after=after, limit=THREADS_A_STEP, now=clock()))
    if found.last is None:
        await database.write(lose_place)
    place = _POSTS if found.last is None else NumberCursor(found.last)
    return RebuiltOut(
        part="threads", done=found.counted, mended=found.mended, posts_answer=True, next_cursor=place.encode()
    )


async def _posts_step(database: Database, clock: Clock, posts: PostsService) -> RebuiltOut:
    async with database.read() as reads:
        place = (await the_posts_feed(reads))["place"]
    sweep = None if place is None else Sweep.decode(place)
    is_swept, is_done, answers = place is not None and sweep is None, False, True
    try:
        if is_swept:
            is_done = await _is_caught_up(database, posts, place)
        else:
            await ask_anew(database, posts, sweep, clock())
    except NotFollowedError:
        answers = False
    return RebuiltOut(
        part="posts",
        done=await _known(database) if is_done else sweep.taken if sweep is not None else 0,
        mended=0,
        posts_answer=answers,
        next_cursor=None if is_done else _POSTS.encode(),
    )


async def _is_caught_up(database: Database, posts: PostsService, place: str) -> bool:
    """Else gives the follower a moment, which does the rest."""
    ring = database.bell.next_ring()
    with suppress(LostPlaceError):  # the follower will notice as well, and begin anew
        if not (await posts.changes(place, 0)).items:
            return True
    await wait_for_ring(ring, _WAIT_S)
    return False


async def _known(database: Database) -> int:
    async with database.read() as reads:
        return await followed_count(reads)
