"""Labels with their counts."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.posts.tables import labels


async def labels_page(reads: Reads, after: str | None, limit: int, *, unused: bool) -> Sequence[RowMapping]:
    """By name, one more than the limit when there are more; those without live posts only when `unused`."""
    query = select(labels).order_by(labels.c.name).limit(limit + 1)
    if not unused:
        query = query.where(labels.c.live_count > 0)
    if after is not None:
        query = query.where(labels.c.name > after)
    return (await reads.execute(query)).mappings().all()


async def label_by_id(reads: Reads, label_id: int) -> RowMapping | None:
    return (await reads.execute(select(labels).where(labels.c.id == label_id))).mappings().one_or_none()
