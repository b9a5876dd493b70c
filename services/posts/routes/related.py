"""Lists of related posts: why they are as they are, how far the work of making them is, and all of it anew."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query

from services.common.callers import CallerPrincipal
from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.commands.rebuild_related import RebuildCursor, rebuild_step
from services.posts.errors import PostNotFound
from services.posts.queries.explained import explained_of
from services.posts.queries.posts import labels_by_post, live_article_by_id
from services.posts.queries.related_lists import related_to
from services.posts.queries.related_progress import related_progress
from services.posts.schemas.explained import explanations_out
from services.posts.schemas.related import ExplanationsOut, RebuildStep, RebuiltOut, RelatedProgressOut

router = APIRouter()
MAX_EXPLAINED: Final = 100


@router.get("/articles/{post_id}/related/explained")
async def explain_related(
    post_id: Id,
    principal: CallerPrincipal,
    database: DatabaseDep,
    limit: Annotated[int, Query(ge=1, le=MAX_EXPLAINED)] = MAX_EXPLAINED,
) -> ExplanationsOut:
    principal.require("posts:read-drafts")
    async with database.read() as reads:
        article = await live_article_by_id(reads, int(post_id))
        if article is None:
            raise PostNotFound
        labels = (await labels_by_post(reads, [article["id"]])).get(article["id"], [])
        computed = article["related_computed"] == "on"
        related = (await related_to(reads, article["id"], computed=computed, most=limit)).related
        found = await explained_of(reads, article["id"], related)
    names = {label["id"]: label["name"] for label in labels}
    return ExplanationsOut(explanations=explanations_out(found, related, names))


@router.get("/related/progress")
async def get_progress(principal: CallerPrincipal, database: DatabaseDep) -> RelatedProgressOut:
    principal.require("import:run")
    async with database.read() as reads:
        return RelatedProgressOut(**await related_progress(reads))


@router.post("/related/rebuild")
async def rebuild_related(step: RebuildStep, principal: CallerPrincipal, database: DatabaseDep) -> RebuiltOut:
    principal.require("import:run")
    after = RebuildCursor() if step.cursor is None else RebuildCursor.decode(step.cursor)
    done = await database.write(partial(rebuild_step, after=after))
    return RebuiltOut(done=done.done, next_cursor=None if done.following is None else done.following.encode())
