"""The work of making lists of related posts: how far it is, and all of it anew."""

from functools import partial

from fastapi import APIRouter

from services.common.callers import CallerPrincipal
from services.common.deps import DatabaseDep
from services.posts.commands.rebuild_related import RebuildCursor, rebuild_step
from services.posts.queries.related_progress import related_progress
from services.posts.schemas.related import RebuildStep, RebuiltOut, RelatedProgressOut

router = APIRouter(prefix="/related")


@router.get("/progress")
async def get_progress(principal: CallerPrincipal, database: DatabaseDep) -> RelatedProgressOut:
    principal.require("import:run")
    async with database.read() as reads:
        return RelatedProgressOut(**await related_progress(reads))


@router.post("/rebuild")
async def rebuild_related(step: RebuildStep, principal: CallerPrincipal, database: DatabaseDep) -> RebuiltOut:
    principal.require("import:run")
    after = RebuildCursor() if step.cursor is None else RebuildCursor.decode(step.cursor)
    done = await database.write(partial(rebuild_step, after=after))
    return RebuiltOut(done=done.done, next_cursor=None if done.following is None else done.following.encode())
