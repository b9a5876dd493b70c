"""Feeds of comments, at the addresses that feed readers know from Blogger."""

import asyncio
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from services.common.problems import NotFound
from services.common.urls import absolute
from services.gateway.compose.newest import BlogComments, newest_comments
from services.gateway.deps import ComposerDep
from services.gateway.feeds.comments_atom import comments_feed, title_of
from services.gateway.feeds.posts import ANSWERS, AtomResponse, MaxResults
from services.gateway.parameters import Cursor, PostId
from services.gateway.responses import problem_responses

router = APIRouter(tags=["feeds"])
_ALL: Final = "/feeds/comments/default"


@router.get(
    _ALL,
    operation_id="getCommentsFeed",
    summary="The newest comments as an Atom feed",
    response_class=AtomResponse,
    responses=ANSWERS,
)
async def get_comments_feed(composer: ComposerDep, max_results: MaxResults = 25, cursor: Cursor = None) -> Response:
    found = await newest_comments(composer.upstreams, None, cursor, max_results)
    return await _answer(found, _ALL, max_results)


@router.get(
    "/feeds/{post_id}/comments/default",
    operation_id="getCommentsFeedOfPost",
    summary="The newest comments on an article as an Atom feed",
    response_class=AtomResponse,
    responses={**ANSWERS, **problem_responses(NotFound)},
)
async def get_comments_feed_of_post(
    post_id: PostId, composer: ComposerDep, max_results: MaxResults = 25, cursor: Cursor = None
) -> Response:
    found = await newest_comments(composer.upstreams, post_id, cursor, max_results)
    if found.article is None:
        raise NotFound("There is no article with this id.")
    return await _answer(found, f"/feeds/{post_id}/comments/default", max_results)


async def _answer(found: BlogComments, path: str, max_results: int) -> Response:
    article = found.article
    own, page = absolute(path, found.blog.public_url), absolute("/", found.blog.public_url)
    links = {"self": own, "alternate": page if article is None else article.url}
    if (cursor := found.comments.next_cursor) is not None:
        links["next"] = f"{own}?{urlencode({'max-results': max_results, 'cursor': cursor})}"
    title = title_of(found.blog, None if article is None else article.title or article.path)
    return AtomResponse(await asyncio.to_thread(comments_feed, found, title, links))
