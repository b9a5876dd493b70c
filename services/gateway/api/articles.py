"""Article pages and lists as JSON."""

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse

from services.common.hot_routes import json_answer
from services.gateway.clients.models import Moved
from services.gateway.compose.asked import AskedThread
from services.gateway.compose.model import ArticleList, ArticlePage, Comments
from services.gateway.deps import ComposerDep
from services.gateway.errors import InvalidCommentsCursor
from services.gateway.examples import ARTICLE, ARTICLES, COMMENTS, example
from services.gateway.parameters import ArticleId, CommentsOrder, Cursor, Filters, Include, ShowComment
from services.gateway.responses import LIST, READ

router = APIRouter(prefix="/api/v1/articles", tags=["articles"])

Limit = Annotated[int | None, Query(ge=1, le=100, description="Articles a page; the blog's own number by default.")]


@router.get(
    "",
    operation_id="listArticles",
    summary="Articles, newest first: all of them, or by label, author, month or search",
    response_model=ArticleList,
    responses={200: example(ARTICLES), **LIST},
)
async def list_articles(
    composer: ComposerDep, filters: Filters, cursor: Cursor = None, limit: Limit = None, include: Include = None
) -> Response:
    params = filters | {"cursor": cursor, "limit": limit, "include": include}
    return json_answer((await composer.listed(params)).articles)


@router.get(
    "/by-path",
    operation_id="getArticleByPath",
    summary="The article page at a path",
    response_model=ArticlePage,
    responses={200: example(ARTICLE), 301: {"description": "The article has another path now"}, **READ},
)
async def get_article_by_path(
    composer: ComposerDep,
    path: Annotated[str, Query(examples=["/2024/02/four-knots-worth-knowing-by-heart.html"])],
    comments_cursor: Cursor = None,
    comments_order: CommentsOrder = None,
    show_comment: ShowComment = None,
) -> Response:
    asked = AskedThread(comments_cursor, comments_order, show_comment)
    found = await composer.by_path(path, asked)
    if isinstance(found, Moved):
        given = {"path": found.path} | asked.params()
        return RedirectResponse(f"/api/v1/articles/by-path?{urlencode(given, quote_via=quote)}", 301)
    return json_answer(found.whole_page())


@router.get(
    "/{article_id}",
    operation_id="getArticle",
    summary="An article page by its id",
    response_model=ArticlePage,
    responses={200: example(ARTICLE), **READ},
)
async def get_article(
    article_id: ArticleId,
    composer: ComposerDep,
    comments_cursor: Cursor = None,
    comments_order: CommentsOrder = None,
    show_comment: ShowComment = None,
) -> Response:
    found = await composer.by_id(article_id, AskedThread(comments_cursor, comments_order, show_comment))
    return json_answer(found.whole_page())


@router.get(
    "/{article_id}/comments",
    operation_id="listComments",
    summary="A page of an article's thread",
    response_model=Comments,
    responses={200: example(COMMENTS), **READ},
)
async def list_comments(
    article_id: ArticleId, composer: ComposerDep, cursor: Cursor = None, order: CommentsOrder = None
) -> Response:
    try:
        return json_answer((await composer.by_id(article_id, AskedThread(cursor, order))).whole_page().comments)
    except InvalidCommentsCursor as exc:
        raise InvalidCommentsCursor("cursor") from exc
