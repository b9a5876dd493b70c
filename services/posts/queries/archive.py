"""The archive's counts by month."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from services.common.database import Reads
from services.posts.tables import archive


async def archive_months(reads: Reads) -> Sequence[RowMapping]:
    """Newest first: as many rows as there are months with live posts."""
    query = select(archive).where(archive.c.live_count > 0)
    return (await reads.execute(query.order_by(archive.c.year.desc(), archive.c.month.desc()))).mappings().all()
