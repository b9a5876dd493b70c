"""Related posts beside article pages: whole lists, and how far the job that makes them has come."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from services.common.callers import CallerPrincipal
from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.deps import PublicUrlDep
from services.posts.errors import PostNotFound
from services.posts.queries.links import live_links
from services.posts.queries.posts import labels_by_post, live_article_by_id
from services.posts.queries.related_progress import related_progress
from services.posts.routes.articles import SENT, related_out_of
from services.posts.schemas.articles import RelatedListOut
from services.posts.schemas.related import RelatedProgressOut
from services.posts.schemas.views import related_list_out

router = APIRouter()
_MAX: Final = 100


@router.get("/related/progress")
async def get_progress(principal: CallerPrincipal, database: DatabaseDep) -> RelatedProgressOut:
    principal.require("import:run")
    async with database.read() as reads:
        return RelatedProgressOut(**await related_progress(reads))


@router.get("/articles/{post_id}/related")
async def get_related(
    post_id: Id,
    database: DatabaseDep,
    public_url: PublicUrlDep,
    limit: Annotated[int, Query(ge=1, le=_MAX)] = SENT,
) -> RelatedListOut:
    """As `related` and `picked` of the article, without the article."""
    async with database.read() as reads:
        article = await live_article_by_id(reads, int(post_id))
        if article is None:
            raise PostNotFound
        labels = (await labels_by_post(reads, [article["id"]])).get(article["id"], [])
        picked = await live_links(reads, article["id"])
        related = await related_out_of(reads, article, labels, limit)
    return related_list_out(article, picked, related, public_url)
