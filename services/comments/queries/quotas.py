"""What was written of late, for quotas."""

from collections.abc import Collection
from datetime import datetime
from typing import get_args

from sqlalchemy import func, select

from services.comments.domain.store import State
from services.comments.tables import comments
from services.common.database import Reads


async def times_of_network(reads: Reads, address_hashes: Collection[str], most: int) -> list[datetime]:
    """When its latest comments were written, in whatever state they are, newest first."""
    times = select(comments.c.published_at).where(comments.c.address_hash.in_(address_hashes))
    return list((await reads.execute(times.order_by(comments.c.published_at.desc()).limit(most))).scalars())


async def written_since(reads: Reads, post_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many comments readers wrote on a post, and when the first of them; imported ones do not count."""
    query = select(func.count(), func.min(comments.c.published_at)).where(
        comments.c.post_id == post_id,
        comments.c.state.in_(get_args(State)),  # all, by the index that begins so
        comments.c.published_at > since,
        comments.c.address_hash.is_not(None),
    )
    row = (await reads.execute(query)).one()
    return row[0], row[1]
