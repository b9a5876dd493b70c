"""Takes over what the posts service says of posts: which are live, which take comments, which comments wait."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, select, union, update

from services.comments.commands.touched import touched
from services.comments.domain.look_alikes import skeleton
from services.comments.posts_service import CommentedPost, CommentRules
from services.comments.queries.followed import shown_among, the_posts_feed
from services.comments.queries.threads import live_counts
from services.comments.tables import changes, followed_posts, posts_feed, staff_names, threads
from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.common.upsert import insert_missing, store_rows

_BATCH: Final = 500
_MAX_TOLD: Final = 50


async def take_over(
    writes: Writes, posts: Sequence[CommentedPost], gone: Collection[str] = (), *, now: datetime, anew: bool = False
) -> None:
    """Once or many times, in any order: an older version changes nothing, unless all is asked for `anew`, as after
    posts came back out of a backup. What is `gone` was deleted for good.
    """
    ids = [int(post.id) for post in posts]
    before = await shown_among(writes, ids)
    rows = [
        {
            "post_id": int(post.id),
            "is_live": int(post.is_live),
            "policy": post.comment_policy,
            "published_at": post.published,
            "version": post.version,
        }
        for post in posts
    ]
    await store_rows(writes, followed_posts, rows, on="post_id", newer=None if anew else "version")
    turned = before ^ await shown_among(writes, ids)
    await _tell(writes, turned | await _end(writes, set(map(int, gone))), now)


async def _tell(writes: Writes, turned: Collection[int], now: datetime) -> None:
    """Whose threads are shown now, or no longer: pages that were made meanwhile may not know it."""
    kind = "thread.turned"
    if len(turned) > _MAX_TOLD:
        told = [Change(kind, min(turned), 0, ("everything",))]
    else:
        said = {post_id for post_id, count in (await live_counts(writes, turned)).items() if count}
        told = [Change(kind, post_id, 0, touched(post_id, is_said=post_id in said)) for post_id in sorted(turned)]
    await append_changes(writes, changes, told, now)


async def end_all_but(
    writes: Writes, there: Collection[str], after: str | None, last: str | None, now: datetime
) -> None:
    """Ends the posts that are not there, of the ids after one and up to another, where these are given."""
    known = union(*(_between(column, after, last) for column in (followed_posts.c.post_id, threads.c.post_id)))
    ids: set[int] = set((await writes.execute(known)).scalars().all())
    await _tell(writes, await _end(writes, ids - set(map(int, there))), now)


def _between(post_id: ColumnElement[int], after: str | None, last: str | None) -> Select[Any]:
    query = select(post_id)
    query = query if after is None else query.where(post_id > int(after))
    return query if last is None else query.where(post_id <= int(last))


async def _end(writes: Writes, post_ids: Collection[int]) -> set[int]:
    """Also posts that nothing was known of: they may have comments. Any version is newer, should one come back.

    Returns those that were shown.
    """
    shown = set[int]()
    unknown = {"is_live": 0, "policy": "hidden", "published_at": None, "version": 0}
    every = sorted(post_ids)
    for some in (every[start : start + _BATCH] for start in range(0, len(every), _BATCH)):
        shown |= await shown_among(writes, some)
        await insert_missing(writes, followed_posts, [{"post_id": one} | unknown for one in some], on="post_id")
        ended = update(followed_posts).where(followed_posts.c.post_id.in_(some))
        await writes.execute(ended.values(is_live=0, version=0))
    return shown


async def take_place(
    writes: Writes, place: str, instead_of: str | None, rules: CommentRules | None = None, *, now: datetime
) -> bool:
    """Where to go on in the feed, unless the place was lost or taken meanwhile; says which."""
    mine = update(posts_feed).where(posts_feed.c.place.is_not_distinct_from(instead_of))
    taken = (await writes.execute(mine.values(place=place))).rowcount
    if taken and rules is not None:
        await take_rules(writes, rules, now)
    return bool(taken)


async def take_rules(writes: Writes, rules: CommentRules, now: datetime) -> None:
    """Votes are shown or not by them."""
    if (await the_posts_feed(writes))["votes"] != rules.votes:
        await append_changes(writes, changes, [Change("votes.turned", 1, 0, ("everything",))], now)
    await writes.execute(
        update(posts_feed).values(
            moderation=rules.moderation, moderation_days=rules.days, names=rules.names, votes=rules.votes
        )
    )
    await writes.execute(delete(staff_names))
    named = {skeleton(name): name for name in rules.staff}
    rows = [{"folded": folded, "name": name} for folded, name in named.items() if folded]
    await insert_missing(writes, staff_names, rows, on="folded")


async def lose_place(writes: Writes) -> None:
    """So that everything is asked for anew."""
    await writes.execute(update(posts_feed).values(place=None))
