"""Pages of a thread, in either order, walked along an index from where they begin."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    LargeBinary,
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
_POST_ID: Final = bindparam("post_id", type_=Int64)
_LIMIT: Final = bindparam("limit", type_=Int64)
_ORDER_KEY: Final = bindparam("order_key", type_=LargeBinary)
_ROOT_KEY: Final = bindparam("root_key", type_=LargeBinary)
Limit = int | BindParameter[int]
_Start = Literal["at", "after"]
"""A comment by its key, or what follows it."""


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
"""The columns after those that are shown begin with the key."""


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
    """As `thread_page` from the beginning, and `known_threads`, in one statement. Items are JSON: to make objects of
    them, only to write those down again, takes as long as to find them.
    """
    given = {"post_id": post_id, "limit": limit, "post_ids": as_given(known_of)}
    items, ends, others = (await _FIRST[order].tuples(reads, **given))[0]
    threads = {one.post_id: one for one in _KNOWN.decode(others)}
    keys = _KEYS.decode(ends)
    has_more = len(keys) > 1
    next_cursor = ThreadCursor(bytes.fromhex(keys[0][0]), is_after=True) if has_more else None
    return ThreadPage(msgspec.Raw(items.encode()), None, next_cursor), threads


async def thread_page(reads: Reads, post_id: int, order: Order, cursor: ThreadCursor, limit: int) -> ThreadPage:
    """What is shown of a thread from there on, each sub-thread depth first."""
    place = {"order_key": cursor.order_key, "root_key": root_of(cursor.order_key)}
    found = await _PAGES[order, cursor.is_after].tuples(reads, post_id=post_id, limit=limit + 1, **place)
    last = found[limit - 1][_SHOWN] if len(found) > limit else None
    shown = [row[:_SHOWN] for row in found[:limit]]
    return ThreadPage(shown, cursor, None if last is None else ThreadCursor(last, is_after=True))


async def start_of_page_with(
    reads: Reads, post_id: int, order: Order, comment_id: int, limit: int, *, may_be_first: bool
) -> ThreadCursor | None:
    """Where a page begins on which a comment stands: at the top of its sub-thread, else at itself.

    None where the first page has it, unless that is out of the question, and of what is not shown in this thread.
    """
    given = {"post_id": post_id, "comment_id": comment_id, "limit": limit}
    found = await _LOCATED[order].tuples(reads, **given)
    if not found:
        return None
    order_key, before, first_ends_at = found[0]
    if may_be_first and (first_ends_at is None or not _is_behind(order_key, first_ends_at, order)):
        return None
    return ThreadCursor(root_of(order_key) if before < limit else order_key)


def _is_behind(order_key: bytes, other: bytes, order: Order) -> bool:
    root, others = root_of(order_key), root_of(other)
    return root < others if order == "newest" and root != others else order_key > other


def _thread() -> Select[Any]:
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
        .where(comments.c.post_id == _POST_ID, HAS_PLACE)
    )


def _oldest_first(thread: Select[Any], start: _Start | None, limit: Limit) -> Select[Any]:
    rest = thread if start is None else thread.where(_from(start))
    return rest.order_by(comments.c.order_key).limit(limit)


def _newest_first(thread: Select[Any], start: _Start | None, limit: Limit) -> Select[Any]:
    """The rest of the sub-thread and the older ones after it.

    Two walks along one index: a comparison of rows cannot go down by the one column and up by the other.
    """
    order = comments.c.root_key.desc(), comments.c.order_key
    if start is None:
        return thread.order_by(*order).limit(limit)
    rest = thread.where(comments.c.root_key == _ROOT_KEY, _from(start)).order_by(*order).limit(limit)
    older = thread.where(comments.c.root_key < _ROOT_KEY).order_by(*order).limit(limit)
    both = union_all(select(rest.subquery()), select(older.subquery())).subquery()
    return select(both).order_by(both.c.root_key.desc(), both.c.order_key).limit(limit)


def _from(start: _Start) -> ColumnElement[bool]:
    key = comments.c.order_key
    return key > _ORDER_KEY if start == "after" else key >= _ORDER_KEY


_WALKS: Final[Mapping[Order, Callable[[Select[Any], _Start | None, Limit], Select[Any]]]] = {
    "oldest": _oldest_first,
    "newest": _newest_first,
}


def _page(_dialect: str, order: Order, start: _Start) -> Executable:
    return _WALKS[order](_thread(), start, _LIMIT)


def _located(_dialect: str, order: Order) -> Executable:
    """The key of a comment that is shown, how many stand before it in its sub-thread, counted up to the limit, and the
    key of the last one on the first page, if that is full. Walked along indexes, no further than a page.
    """
    one, key = comments.alias("one"), comments.c.order_key
    shown = select(key).where(comments.c.post_id == _POST_ID, HAS_PLACE)
    before = shown.where(key >= one.c.root_key, key < one.c.order_key).correlate(one).limit(_LIMIT).subquery()
    first_ends_at = _WALKS[order](shown, None, 1).offset(_LIMIT - 1)
    count = select(func.count()).select_from(before).scalar_subquery()
    is_it = one.c.id == bindparam("comment_id", type_=Int64), one.c.post_id == _POST_ID, one.c.has_place == 1
    return select(one.c.order_key, count, first_ends_at.scalar_subquery()).where(*is_it)


def _first(dialect: str, order: Order) -> Executable:
    """What article pages show, unless they are asked for another page: the page, the key of its last comment and that
    of the next one, if there is one, and the threads of whose posts something is known.
    """
    page = _WALKS[order](_thread(), None, _LIMIT).subquery()
    key = func.encode(comments.c.order_key, "hex") if dialect == "postgresql" else func.hex(comments.c.order_key)
    keys = select(key).where(comments.c.post_id == _POST_ID, HAS_PLACE)
    ends = _WALKS[order](keys, None, 2).offset(_LIMIT - 1)
    shown = rows_as_json(dialect, list(page.c)[:_SHOWN])
    return select(shown, gathered(dialect, ends), gathered(dialect, known(dialect))).select_from(page)


_PAGES: Final[Mapping[tuple[Order, bool], Prepared]] = {
    (order, start == "after"): Prepared(partial(_page, order=order, start=start))
    for order in _WALKS
    for start in get_args(_Start)
}
_LOCATED: Final[Mapping[Order, Prepared]] = {order: Prepared(partial(_located, order=order)) for order in _WALKS}
_FIRST: Final[Mapping[Order, Prepared]] = {order: Prepared(partial(_first, order=order)) for order in _WALKS}
