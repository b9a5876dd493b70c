"""Stretches of the archive: one after the other they hold every post once, whatever the blog's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from services.posts.domain.indexed import docid_of, month_marker, month_markers
from services.posts.domain.months import Month, month_at
from services.posts.domain.stretches import Docids, Stretch, first_stretch

MIN_POSTS = 5_000
EVER = (-(2**63), 2**63 - 1)
DATES = st.dates(datetime(2019, 1, 1).date(), datetime(2022, 12, 31).date())  # noqa: DTZ001 no time of day matters
HOURS = st.sampled_from([0, 1, 9, 12, 15, 22, 23])
INSTANTS = st.builds(lambda day, hour: datetime(day.year, day.month, day.day, hour, tzinfo=UTC), DATES, HOURS)
BORDERS = st.builds(
    lambda year, month, hour: datetime(year, month, 1, hour, tzinfo=UTC),
    st.integers(2019, 2022),
    st.integers(1, 12),
    HOURS,
)
ZONE_NAMES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Rome"]
ZONES = st.sampled_from(ZONE_NAMES)


def all_stretches(counts: dict[Month, int], *, is_back: bool) -> list[Stretch]:
    months = sorted(counts.items(), reverse=True)
    within: Docids = EVER
    found: list[Stretch] = []
    while not found or not found[-1].is_last:
        found.append(first_stretch(months, within, MIN_POSTS, is_back=is_back))
        least, end = found[-1].docids
        within = (end, EVER[1]) if is_back else (EVER[0], least)
        assert len(found) <= len(months) + 1
    return found


@given(st.dictionaries(st.one_of(INSTANTS, BORDERS), st.integers(1, 2 * MIN_POSTS), min_size=1), ZONES, st.booleans())
def test_stretches_hold_every_post_once(posts: dict[datetime, int], zone_name: str, is_back: bool) -> None:
    """Each instant stands for so many posts."""
    zone = ZoneInfo(zone_name)
    counts: dict[Month, int] = {}
    for at, count in posts.items():
        month = month_at(at, zone)
        counts[month] = counts.get(month, 0) + count
    stretches = all_stretches(counts, is_back=is_back)
    for at in posts:
        docid = docid_of(at, 7)
        (held,) = (one for one in stretches if one.docids[0] <= docid < one.docids[1])
        assert held.is_last or month_marker(at) in held.markers


def test_a_stretch_ends_once_it_has_posts_enough() -> None:
    months = [(month_at(datetime(2020, month, 9, tzinfo=UTC), ZoneInfo("UTC")), 2_000) for month in range(12, 0, -1)]
    newest = first_stretch(months, EVER, MIN_POSTS, is_back=False)
    assert (newest.docids[1], newest.is_last) == (EVER[1], False)
    assert newest.docids[0] == docid_of(datetime(2020, 9, 30, tzinfo=UTC), 0)
    assert newest.markers == ["·m202009", "·m202010", "·m202011", "·m202012", "·m202101"]
    oldest = first_stretch(months, EVER, MIN_POSTS, is_back=True)
    assert (oldest.docids[0], oldest.is_last) == (EVER[0], False)
    assert oldest.docids[1] == docid_of(datetime(2020, 4, 2, tzinfo=UTC), 0)
    nothing = first_stretch([], EVER, MIN_POSTS, is_back=False)
    assert nothing == Stretch(EVER, [], is_last=True)


@given(
    st.integers(2005, 2030), st.integers(1, 12), st.sampled_from([*ZONE_NAMES, "America/New_York", "America/Sao_Paulo"])
)
@example(2024, 3, "America/New_York")
def test_the_markers_of_a_month_reach_to_its_ends(year: int, month: int, zone_name: str) -> None:
    begins, ends = Month(year, month).span(ZoneInfo(zone_name))
    found = month_markers(begins, ends)
    assert {month_marker(begins), month_marker(ends - timedelta(milliseconds=1))} <= set(found)
    assert len(found) <= 3
