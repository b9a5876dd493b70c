"""Pages of a thread, in either order, walked along an index from where they begin."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select, union_all

from services.comments.domain.thread_cursor import Order, ThreadCursor
from services.comments.domain.thread_order import root_of
from services.comments.queries.threads import COMMENT, HAS_PLACE
from services.comments.tables import comments
from services.common.database import Reads
from services.common.prepared import Prepared
from services.common.sqltypes import Int64

_PARENT = comments.alias("parents")
Limit = int | BindParameter[int]


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """`cursor` is where it begins, None for the beginning of the thread."""

    rows: Sequence[Mapping[str, Any]]
    cursor: ThreadCursor | None
    next_cursor: ThreadCursor | None

    def has(self, comment_id: int) -> bool:
        return any(row["id"] == comment_id for row in self.rows)


async def thread_page(reads: Reads, post_id: int, order: Order, cursor: ThreadCursor | None, limit: int) -> ThreadPage:
    """What is shown of a thread, each sub-thread depth first.

    `parent_has_place` tells whether what a reply answers is shown as well.
    """
    shown = await _rows(reads, post_id, order, cursor, limit + 1)
    last = shown[limit - 1]["order_key"] if len(shown) > limit else None
    return ThreadPage(shown[:limit], cursor, None if last is None else ThreadCursor(last, is_after=True))


async def page_that_shows(
    reads: Reads, post_id: int, order: Order, page: ThreadPage, comment_id: int, limit: int
) -> ThreadPage:
    """The page on which a comment stands: this one, else one that begins at the top of its sub-thread, else at itself.

    The page that was given for a comment that is not shown in this thread.
    """
    if page.has(comment_id):
        return page
    found = select(comments.c.order_key).where(comments.c.id == comment_id, comments.c.post_id == post_id, HAS_PLACE)
    order_key: bytes | None = (await reads.execute(found)).scalar()
    if order_key is None:
        return page
    from_top = await thread_page(reads, post_id, order, ThreadCursor(root_of(order_key)), limit)
    if from_top.has(comment_id):
        return from_top
    return await thread_page(reads, post_id, order, ThreadCursor(order_key), limit)


async def _rows(
    reads: Reads, post_id: int, order: Order, cursor: ThreadCursor | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    if cursor is None:
        return await _BEGINNING[order].rows(reads, post_id=post_id, limit=limit)
    rows = await reads.execute(_WALKS[order](_thread(post_id), cursor, limit))
    return [dict(row) for row in rows.mappings()]


def _thread(post_id: int | BindParameter[int]) -> Select[Any]:
    return (
        select(*COMMENT, comments.c.root_key, _PARENT.c.has_place.label("parent_has_place"))
        .join(_PARENT, _PARENT.c.id == comments.c.parent_id, isouter=True)
        .where(comments.c.post_id == post_id, HAS_PLACE)
    )


def _oldest_first(thread: Select[Any], cursor: ThreadCursor | None, limit: Limit) -> Select[Any]:
    rest = thread if cursor is None else thread.where(_from(cursor))
    return rest.order_by(comments.c.order_key).limit(limit)


def _newest_first(thread: Select[Any], cursor: ThreadCursor | None, limit: Limit) -> Select[Any]:
    """The rest of the sub-thread and the older ones after it.

    Two walks along one index: a comparison of rows cannot go down by the one column and up by the other.
    """
    order = comments.c.root_key.desc(), comments.c.order_key
    if cursor is None:
        return thread.order_by(*order).limit(limit)
    root_key = root_of(cursor.order_key)
    rest = thread.where(comments.c.root_key == root_key, _from(cursor)).order_by(*order).limit(limit)
    older = thread.where(comments.c.root_key < root_key).order_by(*order).limit(limit)
    both = union_all(select(rest.subquery()), select(older.subquery())).subquery()
    return select(both).order_by(both.c.root_key.desc(), both.c.order_key).limit(limit)


def _from(cursor: ThreadCursor) -> ColumnElement[bool]:
    key = comments.c.order_key
    return key > cursor.order_key if cursor.is_after else key >= cursor.order_key


_WALKS: Final[Mapping[Order, Callable[[Select[Any], ThreadCursor | None, Limit], Select[Any]]]] = {
    "oldest": _oldest_first,
    "newest": _newest_first,
}


def _beginning(order: Order) -> Prepared:
    """What article pages show, unless they are asked for another page."""
    post_id, limit = bindparam("post_id", type_=Int64), bindparam("limit", type_=Int64)
    return Prepared(lambda _: _WALKS[order](_thread(post_id), None, limit))


_BEGINNING: Final[Mapping[Order, Prepared]] = {order: _beginning(order) for order in _WALKS}
