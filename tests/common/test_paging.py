"""Pages of a keyset query: whatever the rows and the size of a page, walks both ways give each row once."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, create_engine, insert, literal, select

from services.common.paging import Page, keyset, page_of

ROWS = Table("rows", MetaData(), Column("at", Integer, primary_key=True), Column("id", Integer, primary_key=True))
ORDER = (ROWS.c.at, ROWS.c.id)
Place = tuple[int, int]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as opened:
        ROWS.metadata.create_all(opened)
        yield opened
    engine.dispose()


def page(connection: Connection, limit: int, place: Place | None = None, *, is_back: bool = False) -> Page[Place]:
    query: Any = select(ROWS)
    at: Any = None if place is None else [literal(value) for value in place]
    rows = connection.execute(keyset(query, ORDER, at, limit, is_back=is_back))
    return page_of([(row.at, row.id) for row in rows], limit, has_place=place is not None, is_back=is_back)


@given(st.sets(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=15), st.integers(1, 6))
def test_walks_give_each_row_once(connection: Connection, rows: set[Place], limit: int) -> None:
    connection.execute(ROWS.delete())
    if rows:
        connection.execute(insert(ROWS), [{"at": at, "id": row_id} for at, row_id in rows])
    found = page(connection, limit)
    assert found.previous_before is None
    forth = [found.rows]
    while found.next_after is not None:
        found = page(connection, limit, found.next_after)
        assert found.previous_before == found.rows[0]
        forth.append(found.rows)
    assert [row for rows in forth for row in rows] == sorted(rows, reverse=True)
    assert all(len(rows) == limit for rows in forth[:-1])
    back = [found.rows]
    while found.previous_before is not None:
        found = page(connection, limit, found.previous_before, is_back=True)
        assert found.next_after == found.rows[-1]
        back.append(found.rows)
    assert back[::-1] == forth


def test_a_place_need_not_be_a_row(connection: Connection) -> None:
    connection.execute(ROWS.delete())
    connection.execute(insert(ROWS), [{"at": 1, "id": row_id} for row_id in (1, 3, 5)])
    assert page(connection, 5, (1, 4)).rows == [(1, 3), (1, 1)]
    assert page(connection, 5, (1, 4), is_back=True).rows == [(1, 5)]
    assert page(connection, 1, (1, 4)).next_after == (1, 3)
    assert page(connection, 1, (1, 2), is_back=True) == Page([(1, 3)], (1, 3), (1, 3))


def test_beyond_the_ends_there_is_nothing_to_turn_to(connection: Connection) -> None:
    connection.execute(ROWS.delete())
    connection.execute(insert(ROWS), [{"at": 1, "id": 1}])
    assert page(connection, 1, (0, 0)) == page(connection, 1, (2, 0), is_back=True) == Page([], None, None)
    assert page(connection, 1) == Page([(1, 1)], None, None)
    assert page(connection, 1, (2, 0)) == Page([(1, 1)], None, (1, 1))
    assert page(connection, 1, (0, 0), is_back=True) == Page([(1, 1)], (1, 1), None)
