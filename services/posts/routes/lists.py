"""Lists of live posts for readers, of all posts for editors."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from msgspec import Struct
from sqlalchemy import RowMapping

from services.common.callers import CallerPrincipal
from services.common.cursors import NumberCursor, TimeCursor
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.hot_routes import json_answer
from services.common.html import SafeHtml, text_of
from services.posts.deps import PublicUrlDep
from services.posts.domain.indexed import state_marker
from services.posts.domain.snippets import Fragment
from services.posts.domain.snippets import snippet as snippet_of
from services.posts.domain.store import Kind, State
from services.posts.queries.blog import the_blog
from services.posts.queries.lists import ListOptions, labelled_page, live_page
from services.posts.queries.posts import labels_by_post
from services.posts.queries.search import Wanted, markers_for, matching_posts
from services.posts.routes.filters import Filters, FiltersDep
from services.posts.schemas.articles import ListOut
from services.posts.schemas.posts import PostListOut
from services.posts.schemas.views import blog_out, listed_out, listed_post_out

router = APIRouter()
MAX_WITH_BODIES: Final = 25
"""A body may have a million characters."""
_LIVE: Final = (state_marker("live", "post"),)

Cursor = Annotated[str | None, Query(max_length=100)]
Limit = Annotated[int | None, Query(ge=1, le=100)]
Include = Annotated[Literal["body"] | None, Query()]


class _Listing(Struct, frozen=True):
    rows: Sequence[RowMapping]
    next_cursor: str | None
    previous_cursor: str | None


@router.get("/articles")
async def list_articles(
    filters: FiltersDep,
    database: DatabaseDep,
    public_url: PublicUrlDep,
    cursor: Cursor = None,
    limit: Limit = None,
    include: Include = None,
) -> Response:
    """Live posts only."""
    async with database.read() as reads:
        blog = await the_blog(reads)
        find = _matching if filters.needs_index else _by_date
        found = await find(
            reads,
            filters,
            ZoneInfo(blog["time_zone"]),
            cursor,
            _size(limit or blog["posts_per_page"], include),
            include,
        )
        labels = await labels_by_post(reads, [row["id"] for row in found.rows])
    snippets = await asyncio.to_thread(lambda: [_snippet(row, filters) for row in found.rows])
    items = [
        listed_out(row, labels.get(row["id"], []), body_html=row.get("body_html"), snippet=snippet)
        for row, snippet in zip(found.rows, snippets, strict=True)
    ]
    return json_answer(ListOut(blog_out(blog, public_url), items, found.next_cursor, found.previous_cursor))


@router.get("/posts")
async def list_posts(
    filters: FiltersDep,
    principal: CallerPrincipal,
    database: DatabaseDep,
    public_url: PublicUrlDep,
    state: Annotated[list[State] | None, Query(max_length=4)] = None,
    kind: Annotated[list[Kind] | None, Query(max_length=2)] = None,
    cursor: Cursor = None,
    limit: Limit = 20,
    include: Include = None,
) -> PostListOut:
    """Posts and pages in the states that are named, by their own date or else that of their making."""
    principal.require("posts:read-drafts")
    anything = [
        state_marker(one, of) for one in state or ("draft", "scheduled", "live") for of in kind or ("post", "page")
    ]
    async with database.read() as reads:
        blog = await the_blog(reads)
        zone = ZoneInfo(blog["time_zone"])
        found = await _matching(reads, filters, zone, cursor, _size(limit or 20, include), include, anything)
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
    options = ListOptions(place, limit, with_bodies=include is not None)
    if filters.label is None:
        page = await live_page(reads, options, filters.span(zone))
    else:
        page = await labelled_page(reads, filters.label, options, filters.span(zone))

    def encoded(row: RowMapping | None, *, is_back: bool) -> str | None:
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


def _snippet(row: RowMapping, filters: Filters) -> Sequence[Fragment] | None:
    """Nothing for lists that nobody searched for words."""
    phrases = filters.query.phrases()
    return snippet_of(text_of(SafeHtml(row["beginning"])), phrases) if phrases else None
