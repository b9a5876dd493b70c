"""Counts of live posts by label, author and month: kept with every write, never made by looking through posts."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from sqlalchemy import Table, bindparam, update

from services.common.database import Writes
from services.common.upsert import insert_missing
from services.posts.domain.months import Month, month_at
from services.posts.tables import archive, authors, labels


class LiveCounts(Struct, frozen=True):
    """What a unit of work adds to the counts."""

    zone: ZoneInfo
    labels: Counter[int] = field(default_factory=Counter)
    authors: Counter[int] = field(default_factory=Counter)
    months: Counter[Month] = field(default_factory=Counter)

    def add(self, published_at: datetime, author_id: int | None, label_ids: Collection[int], by: int = 1) -> None:
        self.months[month_at(published_at, self.zone)] += by
        for label_id in label_ids:
            self.labels[label_id] += by
        if author_id is not None:
            self.authors[author_id] += by

    async def apply(self, writes: Writes) -> None:
        """In one order everywhere, so that two writers cannot wait for each other."""
        await _add(writes, labels, self.labels)
        await _add(writes, authors, self.authors)
        await self._add_months(writes)

    async def _add_months(self, writes: Writes) -> None:
        added = {month: by for month, by in sorted(self.months.items()) if by}
        if not added:
            return
        empty = [{"year": month.year, "month": month.month, "live_count": 0} for month in added]
        await insert_missing(writes, archive, empty, on=("year", "month"))
        await writes.execute(
            update(archive)
            .where(archive.c.year == bindparam("of_year"), archive.c.month == bindparam("of_month"))
            .values(live_count=archive.c.live_count + bindparam("added")),
            [{"of_year": month.year, "of_month": month.month, "added": by} for month, by in added.items()],
        )


async def _add(writes: Writes, table: Table, added: Mapping[int, int]) -> None:
    rows = [{"of_id": row_id, "added": by} for row_id, by in sorted(added.items()) if by]
    if rows:
        counted = update(table).where(table.c.id == bindparam("of_id"))
        await writes.execute(counted.values(live_count=table.c.live_count + bindparam("added")), rows)
