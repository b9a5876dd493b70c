"""Bounds how many comments come from one network and to one article. It is counted where they are stored."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from services.comments.errors import TooManyComments
from services.comments.queries.quotas import written_since
from services.common.database import Writes
from services.common.locks import hold_lock
from services.common.quotas import Quota, free_at

_AT_ONCE: Final = 100
"""More comments than are being written to one article at a time by all processes."""


class Limits(Struct, frozen=True):
    per_network: Sequence[Quota] = ()
    per_article: Sequence[Quota] = ()

    @property
    def most_of_network(self) -> int:
        """So many of a network's latest comments are looked at."""
        return max((quota.most for quota in self.per_network), default=0)


async def hold_network(writes: Writes, limits: Limits, address_hashes: Sequence[str]) -> None:
    """Who writes from the same network waits here until the other's comment is stored."""
    if limits.per_network and address_hashes:
        await hold_lock(writes, f"network {address_hashes[0]}")


def require_network_quota(limits: Limits, times: Sequence[datetime], now: datetime) -> None:
    """`times` of the network's latest comments, newest first. Raises TooManyComments."""
    if at := free_at(limits.per_network, times, now):
        raise TooManyComments(_seconds(at, now))


async def require_article_quota(
    writes: Writes, limits: Limits, post_id: int, thread_version: int | None, now: datetime
) -> None:
    """Raises TooManyComments. Nothing is counted in a thread that was not changed so often."""
    for quota in limits.per_article:
        if (thread_version or 0) + _AT_ONCE < quota.most:
            continue
        await hold_lock(writes, f"article {post_id}")
        count, first = await written_since(writes, post_id, now - quota.within)
        if count >= quota.most and first is not None:
            raise TooManyComments(_seconds(first + quota.within, now))


def _seconds(until: datetime, now: datetime) -> int:
    return max(1, math.ceil((until - now).total_seconds()))
