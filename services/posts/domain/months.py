"""Months of the blog's zone as spans of time."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

FIRST_YEAR: Final = 2
LAST_YEAR: Final = 9998
"""Years that posts can be dated in."""
_MONTHS: Final = 12


class Month(Struct, frozen=True, order=True):
    year: int
    month: int

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first instant and the first one after it, UTC."""
        return self.begins(zone), self.after().begins(zone)

    def after(self) -> "Month":
        return Month(self.year + 1, 1) if self.month == _MONTHS else Month(self.year, self.month + 1)

    def before(self) -> "Month":
        return Month(self.year - 1, _MONTHS) if self.month == 1 else Month(self.year, self.month - 1)

    def begins(self, zone: ZoneInfo) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=zone).astimezone(UTC)


def month_at(at: datetime, zone: ZoneInfo) -> Month:
    """The month whose span holds the instant. Where clocks went back over its first midnight, some of it reads as the
    last day of the month before.
    """
    local = at.astimezone(zone)
    month = Month(local.year, local.month)
    return month if at < month.span(zone)[1] else month.after()


def span_of(year: int, month: int | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a year, or of a month of it, and the first one after it."""
    if month is not None:
        return Month(year, month).span(zone)
    return Month(year, 1).begins(zone), Month(year, _MONTHS).span(zone)[1]
