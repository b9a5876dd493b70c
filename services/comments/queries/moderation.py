"""Comments as moderators see them: by state, with the reasons and the decisions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping, func, literal, select

from services.comments.domain.store import State
from services.comments.tables import comments, decisions
from services.common.cursors import TimeCursor
from services.common.database import Reads, Writes
from services.common.paging import Page, keyset, page_of

MAX_DECISIONS = 100


@dataclass(frozen=True, slots=True)
class QueueOptions:
    state: State
    limit: int
    post_id: int | None = None
    author_name: str | None = None
    cursor: TimeCursor | None = None


async def queue_page(reads: Reads, options: QueueOptions) -> Page[RowMapping]:
    """Newest first."""
    query = select(comments).where(comments.c.state == options.state)
    if options.post_id is not None:
        query = query.where(comments.c.post_id == options.post_id)
    if options.author_name is not None:
        query = query.where(comments.c.author_name == options.author_name)
    order, cursor = (comments.c.published_at, comments.c.id), options.cursor
    is_back = cursor is not None and cursor.is_back
    place = None
    if cursor is not None:
        place = (literal(cursor.at, comments.c.published_at.type), literal(cursor.row_id, comments.c.id.type))
    found = await reads.execute(keyset(query, order, place, options.limit, is_back=is_back))
    return page_of(found.mappings().all(), options.limit, has_place=cursor is not None, is_back=is_back)


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
