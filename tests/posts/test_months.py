"""Months of zones: every instant is in the span of the month that it is counted in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.posts.domain.months import Month, month_at, span_of

ZONES = ["UTC", "America/St_Johns", "America/Goose_Bay", "Asia/Tokyo", "Africa/Cairo", "America/Asuncion", "Asia/Gaza"]


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 bounds are naive
    st.sampled_from(ZONES),
)
@example(datetime(2009, 11, 1, 2, 45, tzinfo=UTC), "America/St_Johns")  # reads as 31 October after clocks went back
def test_month_holds_what_it_is_asked_for(at: datetime, zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    month = month_at(at, zone)
    begins, ends = month.span(zone)
    assert begins <= at < ends
    year_begins, year_ends = span_of(month.year, None, zone)
    assert year_begins <= at < year_ends


@pytest.mark.parametrize("zone_name", ZONES)
def test_months_leave_no_gap(zone_name: str) -> None:
    zone, month = ZoneInfo(zone_name), Month(1999, 11)
    for _ in range(300):
        begins, ends = month.span(zone)
        assert timedelta(days=27) < ends - begins < timedelta(days=32)
        month = month.after()
        assert month.begins(zone) == ends
