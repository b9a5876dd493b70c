"""Says in the outbox on which pages the related posts that are shown changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.related_tables import related_rules
from services.posts.tables import changes

KIND: Final = "related.changed"


async def tell_of_lists(
    writes: Writes, turn: int, shown: Collection[int], whole: Collection[int], now: datetime
) -> None:
    """`shown`: posts whose first five are others now. `whole`: those whose list is another anywhere; it is told to
    pages that show more of it, and the page of a post that hides some of them shows others instead.

    One row for all: a post as such is as it was, so that followers of posts have nothing to do.
    """
    pages = {*shown, *await _hiding(writes, whole)}
    if not pages and not whole:
        return
    touches = [*(f"page:{post_id}" for post_id in sorted(pages)), *(f"related:{post_id}" for post_id in sorted(whole))]
    await append_changes(writes, changes, [Change(KIND, min({*pages, *whole}), turn, tuple(touches))], now)


async def _hiding(writes: Writes, post_ids: Collection[int]) -> Collection[int]:
    if not post_ids:
        return ()
    forbidding = related_rules.c.rule == "forbid", related_rules.c.post_id.in_(post_ids)
    return (await writes.execute(select(related_rules.c.post_id).where(*forbidding).distinct())).scalars().all()
