"""Lists of live posts for readers, of all posts for editors."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from msgspec import Meta, Struct

from services.common.callers import CallerPrincipal
from services.common.cursors import NumberCursor, TimeCursor
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.hot_routes import Endpoint, json_answer
from services.common.html import SafeHtml, text_of
from services.posts.deps import PublicUrlDep
from services.posts.domain.indexed import state_marker
from services.posts.domain.search import Phrase
from services.posts.domain.snippets import Fragment
from services.posts.domain.snippets import snippet as snippet_of
from services.posts.domain.store import Kind, State
from services.posts.queries.blog import the_blog
from services.posts.queries.lists import ListOptions, Row, live_page
from services.posts.queries.posts import labels_by_post
from services.posts.queries.search import Wanted, markers_for, matching_posts
from services.posts.routes.filters import AskedFilters, Filters
from services.posts.schemas.articles import ListOut
from services.posts.schemas.posts import PostListOut
from services.posts.schemas.views import blog_out, listed_out, listed_post_out

router = APIRouter()
MAX_WITH_BODIES: Final = 25
"""A body may have a million characters."""
_LIVE: Final = (state_marker("live", "post"),)

_POSTS: Final = 20
"""For editors who do not say how many."""


class _Listing(Struct, frozen=True):
    rows: Sequence[Row]
    next_cursor: str | None
    previous_cursor: str | None


class AskedList(AskedFilters, frozen=True):
    cursor: Annotated[str, Meta(max_length=100)] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] | None = None
    include: Literal["body"] | None = None


class AskedPosts(AskedList, frozen=True):
    repeated: ClassVar[frozenset[str]] = frozenset({"state", "kind"})
    state: Annotated[tuple[State, ...], Meta(max_length=4)] = ("draft", "scheduled", "live")
    kind: Annotated[tuple[Kind, ...], Meta(max_length=2)] = ("post", "page")


async def list_articles(request: Request) -> Response:
    """Live posts only."""
    asked, state = AskedList.of(request), request.scope["state"]
    filters = asked.filters()
    find = _matching if filters.needs_index else _by_date
    async with state["database"].read(is_short=find is _by_date and asked.include is None) as reads:
        blog = await the_blog(reads)
        size, zone = _size(asked.limit or blog["posts_per_page"], asked.include), ZoneInfo(blog["time_zone"])
        found = await find(reads, filters, zone, asked.cursor, size, asked.include)
        labels = await labels_by_post(reads, [row["id"] for row in found.rows])
    snippets: Sequence[Sequence[Fragment] | None] = [None] * len(found.rows)
    if phrases := filters.query.phrases():
        snippets = await asyncio.to_thread(lambda: [_snippet(row, phrases) for row in found.rows])
    items = [
        listed_out(row, labels.get(row["id"], []), body_html=row.get("body_html"), snippet=snippet)
        for row, snippet in zip(found.rows, snippets, strict=True)
    ]
    return json_answer(ListOut(blog_out(blog, state["public_url"]), items, found.next_cursor, found.previous_cursor))


HOT: Final[Mapping[str, Endpoint]] = {"/articles": list_articles}


@router.get("/posts")
async def list_posts(
    request: Request, principal: CallerPrincipal, database: DatabaseDep, public_url: PublicUrlDep
) -> PostListOut:
    """Posts and pages in the states that are named, by their own date or else that of their making."""
    principal.require("posts:read-drafts")
    asked = AskedPosts.of(request)
    size = _size(asked.limit or _POSTS, asked.include)
    any_of = [state_marker(one, of) for one in asked.state for of in asked.kind]
    async with database.read() as reads:
        blog = await the_blog(reads)
        zone = ZoneInfo(blog["time_zone"])
        found = await _matching(reads, asked.filters(), zone, asked.cursor, size, asked.include, any_of)
        labels = await labels_by_post(reads, [row["id"] for row in found.rows])
    return PostListOut(
        items=[
            listed_post_out(row, labels.get(row["id"], []), blog["public_url"] or public_url, row.get("body_html"))
            for row in found.rows
        ],
        next_cursor=found.next_cursor,
        previous_cursor=found.previous_cursor,
    )


def _size(limit: int, include: str | None) -> int:
    return limit if include is None else min(limit, MAX_WITH_BODIES)


async def _by_date(
    reads: Reads, filters: Filters, zone: ZoneInfo, cursor: str | None, limit: int, include: str | None
) -> _Listing:
    place = TimeCursor.decode(cursor) if cursor is not None else None
    bodies = include is not None
    page = await live_page(reads, ListOptions(place, limit, filters.label, filters.span(zone), with_bodies=bodies))

    def encoded(row: Row | None, *, is_back: bool) -> str | None:
        return None if row is None else TimeCursor(row["published_at"], row["id"], is_back).encode()

    return _Listing(page.rows, encoded(page.next_after, is_back=False), encoded(page.previous_before, is_back=True))


async def _matching(
    reads: Reads,
    filters: Filters,
    zone: ZoneInfo,
    cursor: str | None,
    limit: int,
    include: str | None,
    any_of: Sequence[str] = _LIVE,
) -> _Listing:
    wanted = Wanted(
        query=filters.asked(),
        borne=[any_of, *filters.markers(zone)],
        is_of_archive=any_of == _LIVE,
        docids=filters.docids(zone),
        limit=limit,
        best_first=filters.best_first,
        cursor=NumberCursor.decode(cursor) if cursor is not None else None,
        with_bodies=include is not None,
    )
    found = await matching_posts(reads, wanted, await markers_for(reads, wanted.query))
    return _Listing(
        found.rows,
        found.next_cursor.encode() if found.next_cursor else None,
        found.previous_cursor.encode() if found.previous_cursor else None,
    )


def _snippet(row: Row, phrases: Collection[Phrase]) -> Sequence[Fragment]:
    return snippet_of(text_of(SafeHtml(row["beginning"])), phrases)
