"""Lists of live posts, newest first: all, of a label, of a span of time, at one cost whatever the archive's size."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, RowMapping, Select, select

from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.common.paging import Page, keyset, page_of
from services.posts.queries.posts import AUTHOR, LISTED, LIVE, place_of
from services.posts.tables import authors, labels, post_labels, posts

Span = tuple[datetime, datetime]


class ListOptions(Struct, frozen=True):
    cursor: TimeCursor | None
    limit: int
    with_bodies: bool = False


def listed(*, with_bodies: bool) -> Select[tuple[object, ...]]:
    """The columns of a list's rows, still without a condition."""
    columns = (*LISTED, posts.c.body_html) if with_bodies else LISTED
    return select(*columns, *AUTHOR).join(authors, authors.c.id == posts.c.author_id, isouter=True)


async def live_page(reads: Reads, options: ListOptions, span: Span | None) -> Page[RowMapping]:
    query = listed(with_bodies=options.with_bodies).where(LIVE, posts.c.kind == "post")
    if span is not None:
        query = query.where(posts.c.published_at >= span[0], posts.c.published_at < span[1])
    return await _page(reads, query.select_from(posts), (posts.c.published_at, posts.c.id), options)


async def labelled_page(reads: Reads, label: str, options: ListOptions, span: Span | None) -> Page[RowMapping]:
    label_id = select(labels.c.id).where(labels.c.name == label).scalar_subquery()
    query = (
        listed(with_bodies=options.with_bodies)
        .join(post_labels, post_labels.c.post_id == posts.c.id)
        .where(post_labels.c.label_id == label_id, post_labels.c.live_at.is_not(None))
    )
    if span is not None:
        query = query.where(post_labels.c.live_at >= span[0], post_labels.c.live_at < span[1])
    return await _page(reads, query, (post_labels.c.live_at, post_labels.c.post_id), options)


async def _page(
    reads: Reads, query: Select[tuple[object, ...]], order: Sequence[ColumnElement[Any]], options: ListOptions
) -> Page[RowMapping]:
    cursor = options.cursor
    place = None if cursor is None else place_of(cursor)
    is_back = cursor is not None and cursor.is_back
    found = await reads.execute(keyset(query, order, place, options.limit, is_back=is_back))
    return page_of(found.mappings().all(), options.limit, has_place=cursor is not None, is_back=is_back)
