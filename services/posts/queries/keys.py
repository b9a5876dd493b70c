"""API keys."""

from datetime import datetime

from sqlalchemy import RowMapping, or_, select

from services.common.database import Reads
from services.posts.tables import keys


async def valid_key_by_id(reads: Reads, key_id: str, now: datetime) -> RowMapping | None:
    """The key, unless it was revoked or has expired."""
    rows = await reads.execute(
        select(keys).where(
            keys.c.id == key_id, keys.c.revoked_at.is_(None), or_(keys.c.expires_at.is_(None), keys.c.expires_at > now)
        )
    )
    return rows.mappings().one_or_none()
