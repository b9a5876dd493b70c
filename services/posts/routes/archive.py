"""How many posts were published when."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from fastapi import APIRouter
from sqlalchemy import RowMapping

from services.common.deps import DatabaseDep
from services.posts.queries.archive import archive_months
from services.posts.schemas.archive import ArchiveOut, MonthOut, YearOut

router = APIRouter()


@router.get("/archive")
async def get_archive(database: DatabaseDep) -> ArchiveOut:
    async with database.read() as reads:
        rows = await archive_months(reads)
    by_year = {year: list(found) for year, found in groupby(rows, key=itemgetter("year"))}
    return ArchiveOut(years=[_year(year, found) for year, found in by_year.items()])


def _year(year: int, rows: Sequence[RowMapping]) -> YearOut:
    months = [MonthOut(month=row["month"], count=row["live_count"]) for row in rows]
    return YearOut(year=year, count=sum(one.count for one in months), months=months)
