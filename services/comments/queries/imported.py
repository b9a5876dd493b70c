"""What an import finds of its comments: those that an earlier one brought, and those that are here by themselves."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import RowMapping, select

from services.comments.tables import comments
from services.common.database import Reads

_PLACED: Final = (comments.c.id, comments.c.post_id, comments.c.depth, comments.c.order_key, comments.c.published_at)


async def imported_comments(reads: Reads, source: str, source_ids: Collection[str]) -> Mapping[str, RowMapping]:
    query = select(comments.c.source_id, *_PLACED).where(
        comments.c.source == source, comments.c.source_id.in_(source_ids)
    )
    return {row["source_id"]: row for row in (await reads.execute(query)).mappings()}


async def comments_with_ids(reads: Reads, wanted: Collection[int]) -> Mapping[int, RowMapping]:
    query = select(*_PLACED).where(comments.c.id.in_(wanted))
    return {row["id"]: row for row in (await reads.execute(query)).mappings()}
