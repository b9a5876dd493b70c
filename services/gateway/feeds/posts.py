"""Feeds of articles, at the addresses that feed readers know from Blogger."""

import asyncio
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import RedirectResponse

from services.common.urls import absolute
from services.gateway.compose.articles import BlogList, Composer
from services.gateway.deps import ComposerDep
from services.gateway.feeds.atom import Feed, atom_feed
from services.gateway.parameters import Cursor
from services.gateway.responses import LIST

router = APIRouter(tags=["feeds"])

_MEDIA_TYPE: Final = "application/atom+xml"
ANSWERS: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "An Atom feed"}, **LIST}
Length = Annotated[
    Literal["default", "full", "summary"],
    Path(description="`summary` has excerpts, the others whole bodies.", examples=["default"]),
]
Label = Annotated[str, Path(max_length=100, examples=["Harbor"])]
MaxResults = Annotated[int, Query(alias="max-results", ge=1, le=100)]


class AtomResponse(Response):
    media_type = _MEDIA_TYPE


@router.get(
    "/feeds/posts/{length}",
    operation_id="getFeed",
    summary="The newest articles as an Atom feed",
    response_class=AtomResponse,
    responses=ANSWERS,
)
async def get_feed(
    length: Length, composer: ComposerDep, max_results: MaxResults = 25, cursor: Cursor = None
) -> Response:
    found = await _listed(composer, length, {"limit": max_results, "cursor": cursor})
    return await _answer(found, length, f"/feeds/posts/{length}", "/", found.blog.title, max_results)


@router.get(
    "/feeds/posts/{length}/-/{label:path}",
    operation_id="getLabelFeed",
    summary="The newest articles of a label as an Atom feed",
    response_class=AtomResponse,
    responses=ANSWERS,
)
async def get_label_feed(
    length: Length,
    label: Label,
    composer: ComposerDep,
    max_results: MaxResults = 25,
    cursor: Cursor = None,
) -> Response:
    found = await _listed(composer, length, {"limit": max_results, "cursor": cursor, "label": label})
    title, page = f"{found.blog.title}: {label}", f"/search/label/{label}"
    return await _answer(found, length, f"/feeds/posts/{length}/-/{label}", page, title, max_results)


@router.get(
    "/atom.xml",
    operation_id="getOldFeed",
    summary="The feed's older address",
    status_code=301,
    response_class=RedirectResponse,
)
async def get_old_feed() -> str:
    return "/feeds/posts/default"


async def _listed(composer: Composer, length: str, params: dict[str, Any]) -> BlogList:
    return await composer.listed(params | {"include": None if length == "summary" else "body"})


async def _answer(found: BlogList, length: str, path: str, page: str, title: str, max_results: int) -> Response:
    """`path` and `page` are the feed's and its HTML page's, not yet escaped."""
    own = absolute(path, found.blog.public_url)
    links = {"self": own, "alternate": absolute(page, found.blog.public_url)}
    if (cursor := found.articles.next_cursor) is not None:
        links["next"] = f"{own}?{urlencode({'max-results': max_results, 'cursor': cursor})}"
    feed = Feed(found.blog, found.articles.items, title, links, is_full=length != "summary")
    return AtomResponse(await asyncio.to_thread(atom_feed, feed))
