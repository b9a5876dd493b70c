"""What an article page is composed from, read on one checkout."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Request
from msgspec import Meta
from starlette.responses import RedirectResponse, Response

from services.common.database import Reads
from services.common.hot_routes import Endpoint, json_answer
from services.common.ids import IdNumber
from services.common.parameters import Parameters
from services.posts.domain.live_article import LiveArticle
from services.posts.domain.paths import can_be_path
from services.posts.errors import PostNotFound
from services.posts.queries.articles import live_article_by_id, live_article_by_path
from services.posts.queries.commenting import live_commenting
from services.posts.queries.related_lists import related_to
from services.posts.schemas.articles import ArticleOut, RelatedOut
from services.posts.schemas.commenting import CommentingOut
from services.posts.schemas.views import article_out, related_out

SENT: Final = 30
"""Related posts sent along to who does not say how many are shown, picked ones included."""
Most = Annotated[int, Meta(ge=0, le=100)]


class AskedPath(Parameters, frozen=True):
    path: str
    related: Most = SENT


class AskedPost(Parameters, frozen=True):
    post_id: IdNumber
    related: Most = SENT


async def get_article_by_path(request: Request) -> Response:
    """301 to the present path when a former one is asked for."""
    asked = AskedPath.of(request)
    path = asked.path
    if not can_be_path(path):
        raise PostNotFound
    state = request.scope["state"]
    async with state["database"].read(is_short=True) as reads:
        article = await live_article_by_path(reads, path)
        if article is not None and article.row["path"] != path:
            return RedirectResponse(f"/articles/by-path?path={quote(article.row['path'], safe='')}", 301)
        return json_answer(await _composed(reads, article, asked.related, state["public_url"]))


async def get_article(request: Request) -> Response:
    asked = AskedPost.of(request)
    async with request.state.database.read(is_short=True) as reads:
        article = await live_article_by_id(reads, asked.post_id)
        return json_answer(await _composed(reads, article, asked.related, request.state.public_url))


async def _composed(reads: Reads, article: LiveArticle | None, related: int, public_url: str) -> ArticleOut:
    """The blog, or the article, may say another number of related posts. Picked ones are of that number."""
    if article is None:
        raise PostNotFound
    shown = related if article.row["related_shown"] is None else article.row["related_shown"]
    found = await related_out_of(reads, article, shown - len(article.picked))
    return article_out(article, found, public_url)


async def related_out_of(reads: Reads, article: LiveArticle, most: int) -> list[RelatedOut]:
    """Beside those that were picked."""
    computed, picked = article.row["related_computed"] == "on", {link["id"] for link in article.picked}
    found = await related_to(reads, article.row["id"], has_computed=computed, most=most, besides=picked)
    return related_out(found.related, found.spellings, article.labels)


async def get_commenting(request: Request) -> Response:
    post_id = AskedPost.of(request).post_id
    async with request.state.database.read(is_short=True, is_single=True) as reads:
        article = await live_commenting(reads, post_id)
    if article is None:
        raise PostNotFound
    return json_answer(CommentingOut(**article))


HOT: Final[Mapping[str, Endpoint]] = {
    "/articles/by-path": get_article_by_path,
    "/articles/{post_id}": get_article,
    "/articles/{post_id}/commenting": get_commenting,
}
