"""Column types mean the same on both databases: instants to the microsecond, integers of 63 bits."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from services.common.database import Database, Writes
from services.common.ids import MAX_ID
from services.common.microseconds import from_microseconds, to_microseconds
from services.common.open_database import open_database
from services.common.sqltypes import Instant, Int64
from tests.databases import Databases

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001 the zone is drawn
EDGES = [
    datetime.min.replace(tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2022, 1, 8, 12, 0, 0, 1, tzinfo=timezone(timedelta(hours=-5))),
    datetime.max.replace(tzinfo=UTC),
]
FRESH = itertools.count(1)
metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("at", Instant),
    sqlite_strict=True,
)


@pytest.fixture
async def database(databases: Databases, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await open_database(await databases.empty(tmp_path))

    async def create(writes: Writes) -> None:
        await writes.run_sync(metadata.create_all)

    await opened.write(create)
    yield opened
    await opened.close()


async def store(database: Database, rows: dict[int, datetime | None]) -> None:
    async def work(writes: Writes) -> None:
        await writes.execute(insert(things), [{"id": number, "at": at} for number, at in rows.items()])

    await database.write(work)


@given(INSTANTS)
def test_instant_round_trip_keeps_the_microsecond(at: datetime) -> None:
    back = from_microseconds(to_microseconds(at))
    assert back == at
    assert back.tzinfo is UTC


@given(INSTANTS, INSTANTS)
def test_instants_keep_their_order(one: datetime, other: datetime) -> None:
    assert (to_microseconds(one) < to_microseconds(other)) == (one < other)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(INSTANTS, min_size=1))
async def test_any_instant_comes_back_from_the_database(database: Database, drawn: list[datetime]) -> None:
    rows = dict(zip(FRESH, drawn, strict=False))
    await store(database, dict(rows))
    async with database.read() as reads:
        found = (await reads.execute(select(things.c.id, things.c.at).where(things.c.id.in_(rows)))).all()
    assert {row.id: row.at for row in found} == rows


async def test_instants_keep_their_order_in_the_database(database: Database) -> None:
    drawn = dict(enumerate([*EDGES, None]))
    await store(database, drawn)
    async with database.read() as reads:
        found = (await reads.execute(select(things.c.id, things.c.at))).all()
        earliest_first = (await reads.scalars(select(things.c.at).where(things.c.at.is_not(None)).order_by("at"))).all()
        later = (await reads.scalars(select(things.c.id).where(things.c.at > EDGES[2]))).all()
    assert {row.id: row.at for row in found} == drawn
    assert {row.at.tzinfo for row in found if row.at} == {UTC}
    assert list(earliest_first) == sorted(EDGES)
    assert set(later) == {3, 4}


async def test_ids_of_63_bits_come_back(database: Database) -> None:
    ids = {1, 2**31, 2**53 + 1, MAX_ID - 1, MAX_ID}
    await store(database, dict.fromkeys(ids))
    async with database.read() as reads:
        assert set((await reads.scalars(select(things.c.id))).all()) == ids


async def test_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises((StatementError, TypeError)):
        await store(database, {1: datetime(2022, 1, 8)})  # noqa: DTZ001 that is the point
