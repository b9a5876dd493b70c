"""Related posts beside article pages: whole lists with what their scores are made of, and the work of making them."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from services.common.callers import CallerPrincipal
from services.common.cursors import NumberCursor
from services.common.database import Reads
from services.common.deps import DatabaseDep
from services.common.hot_routes import json_answer
from services.common.ids import Id
from services.posts.commands.relate_anew import relate_anew
from services.posts.deps import PublicUrlDep
from services.posts.domain.live_article import LiveArticle
from services.posts.domain.related.explained import explained
from services.posts.errors import PostNotFound
from services.posts.queries.articles import live_article_by_id
from services.posts.queries.related_docs import docs_of_posts
from services.posts.queries.related_lists import spelt
from services.posts.queries.related_progress import related_progress
from services.posts.routes.articles import SENT, related_out_of
from services.posts.schemas.articles import ExplanationOut, RelatedOut
from services.posts.schemas.related import RebuildStep, RelatedOwedOut, RelatedProgressOut
from services.posts.schemas.views import explanation_out, related_list_out

router = APIRouter()
_MAX: Final = 100


@router.get("/related/progress")
async def get_progress(principal: CallerPrincipal, database: DatabaseDep) -> RelatedProgressOut:
    principal.require("import:run")
    async with database.read() as reads:
        return RelatedProgressOut(**await related_progress(reads))


@router.post("/related/rebuild")
async def rebuild_related(step: RebuildStep, principal: CallerPrincipal, database: DatabaseDep) -> RelatedOwedOut:
    """Owes the job some more posts; it works meanwhile."""
    principal.require("import:run")
    after = None if step.cursor is None else NumberCursor.decode(step.cursor).number
    owed = await database.write(partial(relate_anew, after=after))
    return RelatedOwedOut(owed=owed.count, next_cursor=None if owed.last is None else NumberCursor(owed.last).encode())


@router.get("/articles/{post_id}/related")
async def get_related(
    post_id: Id,
    principal: CallerPrincipal,
    database: DatabaseDep,
    public_url: PublicUrlDep,
    limit: Annotated[int, Query(ge=1, le=_MAX)] = SENT,
    explain: Annotated[bool, Query()] = False,
) -> Response:
    """As `related` and `picked` of the article, without the article."""
    if explain:
        principal.require("posts:read-drafts")
    async with database.read() as reads:
        article = await live_article_by_id(reads, int(post_id))
        if article is None:
            raise PostNotFound
        related = await related_out_of(reads, article, limit)
        explanations = await _explanations(reads, article, related) if explain else {}
    return json_answer(related_list_out(article, related, explanations, public_url))


async def _explanations(reads: Reads, article: LiveArticle, related: Sequence[RelatedOut]) -> dict[int, ExplanationOut]:
    """Of what was computed, by the vectors as they are now."""
    post_id = article.row["id"]
    ids = [int(one.target.id) for one in related if one.kind == "computed"]
    docs = await docs_of_posts(reads, [post_id, *ids])
    found = {one: explained(docs[post_id].vector, docs[one].vector) for one in ids if one in docs and post_id in docs}
    spellings = await spelt(reads, {share.of for one in found.values() for share in one.terms})
    names = {label["id"]: label["name"] for label in article.labels}
    return {one: explanation_out(explanation, spellings, names) for one, explanation in found.items()}
