"""Related posts beside article pages: whole lists, and how far the job that makes them has come."""

from fastapi import APIRouter

from services.common.callers import CallerPrincipal
from services.common.deps import DatabaseDep
from services.posts.queries.related_progress import related_progress
from services.posts.schemas.related import RelatedProgressOut

router = APIRouter(prefix="/related")


@router.get("/progress")
async def get_progress(principal: CallerPrincipal, database: DatabaseDep) -> RelatedProgressOut:
    principal.require("import:run")
    async with database.read() as reads:
        return RelatedProgressOut(**await related_progress(reads))
