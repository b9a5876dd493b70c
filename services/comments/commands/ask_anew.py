"""Asks the posts service for everything that comments follow; whoever does a page of it, each is done once."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from services.comments.commands.follow_posts import end_all_but, take_over, take_place
from services.comments.domain.sweep import Sweep
from services.comments.posts_service import MAX_POSTS, CommentedPost, PostsService
from services.common.database import Database, Writes


async def ask_anew(database: Database, posts: PostsService, sweep: Sweep | None, now: datetime) -> None:
    """Begins a sweep, or does a page of it; in the end the feed is followed. Raises NotFollowedError."""
    if sweep is None:
        await _begin(database, posts, now)
    else:
        await _next_page(database, posts, sweep, now)


async def _begin(database: Database, posts: PostsService, now: datetime) -> None:
    """At the place in the feed where what a sweep may lack begins."""
    begun = Sweep(await posts.head()).encode()
    rules = await posts.rules()
    await database.write(partial(take_place, place=begun, instead_of=None, rules=rules, now=now))


async def _next_page(database: Database, posts: PostsService, sweep: Sweep, now: datetime) -> None:
    """Where it ends is kept with it, so that a restart goes on from there."""
    found = await posts.posts_after(sweep.last)
    is_end = len(found) < MAX_POSTS
    next_place = sweep.head if is_end else sweep.after(found[-1].id, len(found)).encode()

    async def work(writes: Writes) -> None:
        # another may have done this page and gone on: then these posts may be older than what is known
        if await take_place(writes, next_place, sweep.encode(), now=now):
            await _take_over_page(writes, found, sweep.last, now, is_end=is_end)

    await database.write(work)


async def _take_over_page(
    writes: Writes, found: Sequence[CommentedPost], after: str | None, now: datetime, *, is_end: bool
) -> None:
    await take_over(writes, found, now=now, anew=True)
    await end_all_but(writes, [post.id for post in found], after, None if is_end else found[-1].id, now)
