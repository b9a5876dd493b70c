"""Points in time from outside: with an offset, and far enough from the calendar's edges for every zone."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from services.common.instants import InstantIn, is_usable

HALF_A_DAY = timezone(timedelta(hours=14))


class Given(BaseModel):
    at: InstantIn


@pytest.mark.parametrize(
    "text", ["2022-01-08T12:00:00Z", "2022-01-08T07:00:00-05:00", "2022-01-08 12:00:00+00:00", "0002-01-01T00:00:00Z"]
)
def test_time_with_an_offset_is_the_same_instant_in_utc(text: str) -> None:
    at = Given.model_validate_json(f'{{"at": "{text}"}}').at
    assert at == datetime.fromisoformat(text)
    assert at.tzinfo is UTC


NAIVE_OR_NONE = ["2022-01-08T12:00:00", "2022-01-08", "yesterday", ""]
AT_THE_EDGE = ["0001-01-01T00:00:00Z", "0002-01-01T00:00:00+14:00", "9998-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"]


@pytest.mark.parametrize("text", NAIVE_OR_NONE + AT_THE_EDGE)
def test_other_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Given.model_validate_json(f'{{"at": "{text}"}}')


@given(st.datetimes(timezones=st.sampled_from([UTC, HALF_A_DAY, timezone(-timedelta(hours=12))])))
def test_usable_time_can_be_shown_in_any_zone(at: datetime) -> None:
    if is_usable(at):
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"):
            assert at.astimezone(ZoneInfo(zone)) == at
