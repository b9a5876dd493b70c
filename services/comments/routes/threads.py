"""Threads as the gateway reads them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from fastapi import Request
from msgspec import Meta
from starlette.responses import Response

from services.comments.domain.followed import FollowedPost
from services.comments.domain.thread_cursor import Order, ThreadCursor
from services.comments.queries.followed import KnownThread, known_threads
from services.comments.queries.thread_pages import ThreadPage, first_page, start_of_page_with, thread_page
from services.comments.queries.threads import live_counts
from services.common.database import Reads
from services.common.hot_routes import Endpoint, json_answer
from services.common.ids import IdNumber
from services.common.parameters import Parameters

MAX_PAGE = 200
MAX_COUNTS = 500

CountOf = Annotated[tuple[IdNumber, ...], Meta(max_length=MAX_COUNTS)]


class AskedThread(Parameters, frozen=True):
    """`post_version` is that of the post as the caller has just read it, live: what is followed here may be older.
    `show`: the page with this comment.
    """

    repeated: ClassVar[frozenset[str]] = frozenset({"count_of"})
    post_id: IdNumber
    count_of: CountOf = ()
    cursor: Annotated[str, Meta(max_length=1100)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = MAX_PAGE
    post_version: Annotated[int, Meta(ge=1)] | None = None
    order: Order = "oldest"
    show: IdNumber | None = None


class AskedCounts(Parameters, frozen=True):
    repeated: ClassVar[frozenset[str]] = frozenset({"post_id"})
    post_id: CountOf


async def get_thread(request: Request) -> Response:
    """Nothing of a post that is not live, or whose comments are hidden. `items` are arrays, as `ShownComment` says."""
    asked = AskedThread.of(request)
    post_id = asked.post_id
    place = None if asked.cursor is None else ThreadCursor.decode(asked.cursor)
    state = request.scope["state"]
    async with state["database"].read(is_short=True, is_single=place is None and asked.show is None) as reads:
        page, known = await _page(reads, post_id, asked, place)
    if (mine := known.get(post_id)) is not None and not _is_shown(mine, asked.post_version):
        page, known = ThreadPage([], place, None), {**known, post_id: mine._replace(live_count=0)}
    others = {str(one): _count(known.get(one)) for one in asked.count_of}
    return json_answer(_thread(page, _count(known.get(post_id))) | {"counts": others, "notifies": state["notifies"]})


async def _page(
    reads: Reads, post_id: int, asked: AskedThread, place: ThreadCursor | None
) -> tuple[ThreadPage, Mapping[int, KnownThread]]:
    known_of, of = {post_id, *asked.count_of}, (reads, post_id, asked.order)
    page = None if place is None else await thread_page(*of, place, asked.limit)
    if asked.show is not None and not (page is not None and page.has(asked.show)):
        start = await start_of_page_with(*of, asked.show, asked.limit, may_be_first=page is None)
        page = page if start is None else await thread_page(*of, start, asked.limit)
    if page is None:
        return await first_page(*of, asked.limit, known_of)
    return page, await known_threads(reads, known_of)


def _thread(page: ThreadPage, count: int) -> dict[str, Any]:
    return {
        "count": count,
        "items": page.items,
        "cursor": None if page.cursor is None else page.cursor.encode(),
        "next_cursor": None if page.next_cursor is None else page.next_cursor.encode(),
    }


def _count(thread: KnownThread | None) -> int:
    return 0 if thread is None else thread.live_count


def _is_shown(thread: KnownThread, seen_version: int | None) -> bool:
    if thread.version is None or thread.policy is None:
        return True
    return FollowedPost(bool(thread.is_live), thread.policy, thread.version).shows_thread(seen_version)


async def get_counts(request: Request) -> Response:
    asked = AskedCounts.of(request)
    async with request.state.database.read(is_short=True, is_single=True) as reads:
        counts = await live_counts(reads, {*asked.post_id})
    return json_answer({"counts": {str(one): count for one, count in counts.items()}})


HOT: Final[Mapping[str, Endpoint]] = {"/threads/{post_id}": get_thread, "/counts": get_counts}
