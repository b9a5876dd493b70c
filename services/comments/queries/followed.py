"""What is known of posts and of the blog by following the posts service."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, Select, select

from services.comments.domain.followed import Policy
from services.comments.tables import followed_posts, posts_feed, threads
from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared

_POST = followed_posts.c.is_live, followed_posts.c.policy, followed_posts.c.version


class KnownThread(NamedTuple):
    """A thread that has comments, and its post as far as that is known."""

    post_id: int
    live_count: int
    is_live: int | None
    policy: Policy | None
    version: int | None


def known(dialect: str) -> Select[Any]:
    """As `KnownThread` has them, of `post_ids`."""
    return (
        select(threads.c.post_id, threads.c.live_count, *_POST)
        .join(followed_posts, followed_posts.c.post_id == threads.c.post_id, isouter=True)
        .where(threads.c.post_id.in_(given_numbers(dialect, "post_ids")))
    )


_KNOWN = Prepared(known)


async def the_posts_feed(reads: Reads) -> RowMapping:
    """The place in the feed, and which comments wait for a moderator."""
    return (await reads.execute(select(posts_feed))).mappings().one()


async def known_threads(reads: Reads, post_ids: Collection[int]) -> Mapping[int, KnownThread]:
    """Those that have comments, by post."""
    found = [KnownThread(*row) for row in await _KNOWN.tuples(reads, post_ids=as_given(post_ids))]
    return {one.post_id: one for one in found}


async def shown_among(reads: Reads, post_ids: Collection[int]) -> set[int]:
    """Those that are live and show their threads."""
    is_shown = followed_posts.c.is_live == 1, followed_posts.c.policy != "hidden"
    query = select(followed_posts.c.post_id).where(followed_posts.c.post_id.in_(post_ids), *is_shown)
    return set((await reads.execute(query)).scalars())
