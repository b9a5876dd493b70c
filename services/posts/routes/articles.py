"""What an article page and a list are composed from, each read on one checkout."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import RowMapping

from services.common.callers import CallerPrincipal
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.deps import PublicUrlDep
from services.posts.domain.paths import can_be_path
from services.posts.errors import PostNotFound
from services.posts.queries.explained import explained_of
from services.posts.queries.links import live_links
from services.posts.queries.posts import (
    labels_by_post,
    live_article_by_id,
    live_article_by_path,
    neighbours,
)
from services.posts.queries.related_lists import FoundRelated, related_to
from services.posts.schemas.articles import ArticleOut, RelatedListOut
from services.posts.schemas.commenting import CommentingOut
from services.posts.schemas.explained import explanations_out
from services.posts.schemas.views import article_out, related_list_out, related_out

router = APIRouter()
MAX_RELATED: Final = 100
SENT: Final = 30
"""Related posts sent along: more than are shown, because picked ones may take some away."""


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
    found = await _related(reads, article, SENT)
    related = related_out(found.related, found.posts, found.spellings, labels)
    return article_out(article, labels, picked, related, await neighbours(reads, article), public_url)


@router.get("/articles/{post_id}/related")
async def get_related(
    post_id: Id,
    database: DatabaseDep,
    public_url: PublicUrlDep,
    principal: CallerPrincipal,
    limit: Annotated[int, Query(ge=1, le=MAX_RELATED)] = SENT,
    explain: Annotated[bool, Query()] = False,
) -> RelatedListOut:
    """As `related` and `picked` of the article, without the article."""
    if explain:
        principal.require("posts:read-drafts")
    async with database.read() as reads:
        article = await live_article_by_id(reads, int(post_id))
        if article is None:
            raise PostNotFound
        labels = (await labels_by_post(reads, [article["id"]])).get(article["id"], [])
        picked = await live_links(reads, article["id"])
        found = await _related(reads, article, limit)
        why = await explained_of(reads, article["id"], found.related) if explain else None
    names = {label["id"]: label["name"] for label in labels}
    explanations = None if why is None else explanations_out(why, found.related, names)
    related = related_out(found.related, found.posts, found.spellings, labels)
    return related_list_out(article, picked, related, explanations, public_url)


async def _related(reads: Reads, article: RowMapping, most: int) -> FoundRelated:
    return await related_to(reads, article["id"], computed=article["related_computed"] == "on", most=most)


@router.get("/articles/{post_id}/commenting")
async def get_commenting(post_id: Id, database: DatabaseDep) -> CommentingOut:
    async with database.read() as reads:
        article = await live_article_by_id(reads, int(post_id))
    if article is None:
        raise PostNotFound
    return CommentingOut(comment_policy=article["comment_policy"], path=article["path"], version=article["version"])
