"""Pages of lists that can be walked both ways, newest first: keyset, never offset."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from sqlalchemy import BindParameter, ColumnElement, Select, tuple_

Row = TypeVar("Row")


class Page(Struct, Generic[Row], frozen=True):
    """`next_after` and `previous_before` are the rows at which neighbouring pages begin, None where there are none."""

    rows: Sequence[Row]
    next_after: Row | None
    previous_before: Row | None


def keyset(
    query: Select[tuple[object, ...]],
    order: Sequence[ColumnElement[object]],
    place: Sequence[ColumnElement[object]] | None,
    limit: int | BindParameter[int],
    *,
    is_back: bool = False,
) -> Select[tuple[object, ...]]:
    """The rows after a place in descending order, or before it; one more than the limit when there are more."""
    query = query.order_by(*(column if is_back else column.desc() for column in order)).limit(limit + 1)
    if place is None:
        return query
    here, there = tuple_(*order), tuple_(*place)
    return query.where(here > there if is_back else here < there)


def page_of(rows: Sequence[Row], limit: int, *, has_place: bool, is_back: bool = False) -> Page[Row]:
    """From what a `keyset` query found to a page, whichever way it went."""
    more, shown = len(rows) > limit, list(rows[:limit])
    if is_back:
        shown.reverse()
    older, newer = (bool(shown), more) if is_back else (more, has_place and bool(shown))
    return Page(shown, shown[-1] if older else None, shown[0] if newer else None)
