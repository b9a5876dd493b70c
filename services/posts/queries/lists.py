"""Lists of live posts, newest first: all, of a label, of a span of time, at one cost whatever the archive's size."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, Text, bindparam, select

from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.common.paging import Page, keyset, page_of
from services.common.prepared import Prepared
from services.common.sqltypes import Instant, Int64
from services.posts.queries.posts import AUTHOR, LISTED, LIVE
from services.posts.tables import authors, labels, post_labels, posts

Row = Mapping[Any, Any]
Span = tuple[datetime, datetime]


class ListOptions(Struct, frozen=True):
    cursor: TimeCursor | None
    limit: int
    label: str | None = None
    span: Span | None = None
    with_bodies: bool = False


class _Shape(NamedTuple):
    """What the statement of a list depends on."""

    is_labels: bool
    has_span: bool
    with_bodies: bool
    goes: Literal["after", "before"] | None


async def live_page(reads: Reads, options: ListOptions) -> Page[Row]:
    cursor, span = options.cursor, options.span or (None, None)
    is_back = cursor is not None and cursor.is_back
    goes: Literal["after", "before"] | None = None if cursor is None else "before" if is_back else "after"
    shape = _Shape(options.label is not None, options.span is not None, options.with_bodies, goes)
    place = {} if cursor is None else {"at": cursor.at, "row_id": cursor.row_id}
    values = {"label": options.label, "begins": span[0], "ends": span[1], "limit": options.limit, **place}
    rows = await _statement(shape).rows(reads, **{name: values[name] for name in _names(shape)})
    return page_of(rows, options.limit, has_place=cursor is not None, is_back=is_back)


def listed(*, with_bodies: bool) -> Select[tuple[object, ...]]:
    """The columns of a list's rows, still without a condition."""
    columns = (*LISTED, posts.c.body_html) if with_bodies else LISTED
    return select(*columns, *AUTHOR).join(authors, authors.c.id == posts.c.author_id, isouter=True)


@cache
def _statement(shape: _Shape) -> Prepared:
    return Prepared(lambda _: _listing(shape))


def _names(shape: _Shape) -> list[str]:
    """Of the statement's parameters."""
    of_label, of_span = ["label"] * shape.is_labels, ["begins", "ends"] * shape.has_span
    return ["limit", *of_label, *of_span, *(["at", "row_id"] if shape.goes else [])]


def _listing(shape: _Shape) -> Select[tuple[object, ...]]:
    query, order = (_of_label if shape.is_labels else _of_all)(listed(with_bodies=shape.with_bodies))
    if shape.has_span:
        begins, ends = (bindparam(name, type_=Instant) for name in ("begins", "ends"))
        query = query.where(order[0] >= begins, order[0] < ends)
    here: tuple[ColumnElement[Any], ...] = bindparam("at", type_=Instant), bindparam("row_id", type_=Int64)
    place = here if shape.goes else None
    return keyset(query, order, place, bindparam("limit", type_=Int64), is_back=shape.goes == "before")


def _of_all(query: Select[Any]) -> tuple[Select[Any], tuple[Any, Any]]:
    return query.select_from(posts).where(LIVE, posts.c.kind == "post"), (posts.c.published_at, posts.c.id)


def _of_label(query: Select[Any]) -> tuple[Select[Any], tuple[Any, Any]]:
    label_id = select(labels.c.id).where(labels.c.name == bindparam("label", type_=Text)).scalar_subquery()
    bears = post_labels.c.label_id == label_id, post_labels.c.live_at.is_not(None)
    query = query.join(post_labels, post_labels.c.post_id == posts.c.id).where(*bears)
    return query, (post_labels.c.live_at, post_labels.c.post_id)
