"""Decisions about comments, and the comments that they are about."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import RowMapping, func, select

from services.comments.tables import comments, decisions
from services.common.database import Reads, Writes

MAX_DECISIONS = 100


async def last_decisions(reads: Reads, comment_ids: Collection[int]) -> Mapping[int, RowMapping]:
    """The latest decision about each comment that there is one about."""
    last = select(func.max(decisions.c.id)).where(decisions.c.comment_id.in_(comment_ids))
    query = select(decisions).where(decisions.c.id.in_(last.group_by(decisions.c.comment_id)))
    return {row["comment_id"]: row for row in (await reads.execute(query)).mappings()}


async def decisions_about(reads: Reads, comment_id: int) -> Sequence[RowMapping]:
    """Newest first, up to MAX_DECISIONS."""
    query = select(decisions).where(decisions.c.comment_id == comment_id).order_by(decisions.c.id.desc())
    return (await reads.execute(query.limit(MAX_DECISIONS))).mappings().all()


async def comments_held(writes: Writes, comment_ids: Collection[int]) -> Sequence[RowMapping]:
    """As they stay until the unit of work ends, in the order of ids. Answers to them may be written meanwhile."""
    query = select(comments).where(comments.c.id.in_(comment_ids)).order_by(comments.c.id)
    return (await writes.execute(query.with_for_update(key_share=True))).mappings().all()


async def texts_of(reads: Reads, comment_ids: Collection[int]) -> Sequence[RowMapping]:
    """What the filter looks at."""
    columns = (comments.c.id, comments.c.body_source, comments.c.author_name, comments.c.author_url)
    return (await reads.execute(select(*columns).where(comments.c.id.in_(comment_ids)))).mappings().all()
