"""The archive: how many posts were published when, in the blog's zone."""

from services.common.models import Output


class MonthOut(Output):
    month: int
    count: int


class YearOut(Output):
    year: int
    count: int
    months: list[MonthOut]


class ArchiveOut(Output):
    """Newest first; months and years without live posts are left out."""

    years: list[YearOut]
