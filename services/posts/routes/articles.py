"""What an article page and a list are composed from, each read on one checkout."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import RowMapping

from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.deps import PublicUrlDep
from services.posts.domain.paths import can_be_path
from services.posts.errors import PostNotFound
from services.posts.queries.links import live_links
from services.posts.queries.posts import (
    labels_by_post,
    live_article_by_id,
    live_article_by_path,
    live_posts_by_ids,
    neighbours,
)
from services.posts.queries.related import computed_related
from services.posts.schemas.articles import ArticleOut
from services.posts.schemas.commenting import CommentingOut
from services.posts.schemas.views import article_out

router = APIRouter()
SHOWN_COMPUTED = 10
"""Computed links sent along: more than are shown, because picked ones may take some away."""


@router.get("/articles/by-path", response_model=ArticleOut)
async def get_article_by_path(
    path: Annotated[str, Query()], database: DatabaseDep, public_url: PublicUrlDep
) -> ArticleOut | Response:
    """301 to the present path when a former one is asked for."""
    if not can_be_path(path):
        raise PostNotFound
    async with database.read() as reads:
        article = await live_article_by_path(reads, path)
        if article is not None and article["path"] != path:
            return RedirectResponse(f"/articles/by-path?path={quote(article['path'], safe='')}", 301)
        return await _composed(reads, article, public_url)


@router.get("/articles/{post_id}")
async def get_article(post_id: Id, database: DatabaseDep, public_url: PublicUrlDep) -> ArticleOut:
    async with database.read() as reads:
        return await _composed(reads, await live_article_by_id(reads, int(post_id)), public_url)


async def _composed(reads: Reads, article: RowMapping | None, public_url: str) -> ArticleOut:
    if article is None:
        raise PostNotFound
    post_id = article["id"]
    labels = (await labels_by_post(reads, [post_id])).get(post_id, [])
    picked = await live_links(reads, post_id)
    computed = (await computed_related(reads, post_id, labels))[:SHOWN_COMPUTED]
    targets = await live_posts_by_ids(reads, [one.post_id for one in computed]) if computed else {}
    return article_out(article, labels, picked, computed, targets, await neighbours(reads, article), public_url)


@router.get("/articles/{post_id}/commenting")
async def get_commenting(post_id: Id, database: DatabaseDep) -> CommentingOut:
    async with database.read() as reads:
        article = await live_article_by_id(reads, int(post_id))
    if article is None:
        raise PostNotFound
    return CommentingOut(comment_policy=article["comment_policy"], path=article["path"], version=article["version"])
