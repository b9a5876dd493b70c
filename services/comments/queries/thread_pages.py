"""Pages of a thread, in either order, walked along an index from where they begin."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    select,
    type_coerce,
    union_all,
)

from services.comments.domain.store import State
from services.comments.domain.thread_cursor import Order, ThreadCursor
from services.comments.domain.thread_order import root_of
from services.comments.queries.followed import KnownThread, known
from services.comments.queries.threads import HAS_PLACE, VOTES_ARE
from services.comments.tables import comments
from services.common.database import Reads
from services.common.gathered import gathered, rows_as_json
from services.common.given import as_given
from services.common.prepared import Prepared
from services.common.sqltypes import Int64

_PARENT = comments.alias("parents")
Limit = int | BindParameter[int]


class ShownComment(NamedTuple):
    """A comment as its thread shows it, and as readers of threads get it: by place. Times are microseconds since 1970.

    `parent_id` is None also where what it answers has no place any more. Nothing is said by what was deleted.
    """

    id: str
    parent_id: str | None
    depth: int
    state: State
    author_name: str | None
    author_url: str | None
    body_html: str
    published: int
    edited: int | None
    votes: int


_KNOWN: Final = msgspec.json.Decoder(list[KnownThread])
_KEYS: Final = msgspec.json.Decoder(list[tuple[str]])
_ID: Final = ShownComment._fields.index("id")
_SHOWN: Final = len(ShownComment._fields)
_ORDER_KEY: Final = _SHOWN
"""The first column after those that are shown."""


class ThreadPage(Struct, frozen=True):
    """`items` as `ShownComment` has them, rows or JSON; `cursor` is where it begins, None for the beginning of the
    thread.
    """

    items: Sequence[Sequence[Any]] | msgspec.Raw
    cursor: ThreadCursor | None
    next_cursor: ThreadCursor | None

    def has(self, comment_id: int) -> bool:
        return not isinstance(self.items, msgspec.Raw) and any(one[_ID] == str(comment_id) for one in self.items)


async def first_page(
    reads: Reads, post_id: int, order: Order, limit: int, known_of: Collection[int]
) -> tuple[ThreadPage, Mapping[int, KnownThread]]:
    """As `thread_page` without a cursor, and `known_threads`, in one statement. Items are JSON: to make objects of
    them, only to write those down again, takes as long as to find them.
    """
    given = {"post_id": post_id, "limit": limit, "post_ids": as_given(known_of)}
    items, ends, others = (await _FIRST[order].tuples(reads, **given))[0]
    threads = {one.post_id: one for one in _KNOWN.decode(others)}
    keys = _KEYS.decode(ends)
    has_more = len(keys) > 1
    next_cursor = ThreadCursor(bytes.fromhex(keys[0][0]), is_after=True) if has_more else None
    return ThreadPage(msgspec.Raw(items.encode()), None, next_cursor), threads


async def thread_page(reads: Reads, post_id: int, order: Order, cursor: ThreadCursor | None, limit: int) -> ThreadPage:
    """What is shown of a thread, each sub-thread depth first."""
    found = await _rows(reads, post_id, order, cursor, limit + 1)
    last = found[limit - 1][_ORDER_KEY] if len(found) > limit else None
    shown = [row[:_SHOWN] for row in found[:limit]]
    return ThreadPage(shown, cursor, None if last is None else ThreadCursor(last, is_after=True))


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
) -> Sequence[Sequence[Any]]:
    if cursor is None:
        return await _BEGINNING[order].tuples(reads, post_id=post_id, limit=limit)
    found: Sequence[Sequence[Any]] = (await reads.execute(_WALKS[order](_thread(post_id), cursor, limit))).all()
    return found


def _thread(post_id: int | BindParameter[int]) -> Select[Any]:
    """As `ShownComment` has it, and its keys."""
    is_said = comments.c.state != "deleted"
    answered = case((_PARENT.c.has_place == 1, comments.c.parent_id))
    return (
        select(
            cast(comments.c.id, Text).label("id"),
            cast(answered, Text).label("parent_id"),
            comments.c.depth,
            comments.c.state,
            case((is_said, comments.c.author_name)).label("author_name"),
            case((is_said, comments.c.author_url)).label("author_url"),
            case((is_said, comments.c.body_html), else_="").label("body_html"),
            type_coerce(comments.c.published_at, Int64).label("published"),
            type_coerce(comments.c.edited_at, Int64).label("edited"),
            case((and_(is_said, VOTES_ARE == "on"), comments.c.votes), else_=0).label("votes"),
            comments.c.order_key,
            comments.c.root_key,
        )
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


_POST_ID: Final = bindparam("post_id", type_=Int64)
_LIMIT: Final = bindparam("limit", type_=Int64)


def _beginning(_dialect: str, order: Order) -> Executable:
    return _WALKS[order](_thread(_POST_ID), None, _LIMIT)


def _first(dialect: str, order: Order) -> Executable:
    """What article pages show, unless they are asked for another page: the page, the key of its last comment and that
    of the next one, if there is one, and the threads of whose posts something is known.
    """
    page = _WALKS[order](_thread(_POST_ID), None, _LIMIT).subquery()
    key = func.encode(comments.c.order_key, "hex") if dialect == "postgresql" else func.hex(comments.c.order_key)
    keys = select(key).where(comments.c.post_id == _POST_ID, HAS_PLACE)
    ends = _WALKS[order](keys, None, 2).offset(_LIMIT - 1)
    shown = rows_as_json(dialect, list(page.c)[:_SHOWN])
    return select(shown, gathered(dialect, ends), gathered(dialect, known(dialect))).select_from(page)


_BEGINNING: Final[Mapping[Order, Prepared]] = {order: Prepared(partial(_beginning, order=order)) for order in _WALKS}
_FIRST: Final[Mapping[Order, Prepared]] = {order: Prepared(partial(_first, order=order)) for order in _WALKS}
