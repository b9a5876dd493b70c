"""Takes in what another system exported."""

import asyncio
from functools import partial

from fastapi import APIRouter

from services.comments.commands.import_comments import import_comments
from services.comments.commands.prepare_import import prepare_comment
from services.comments.schemas.imports import BatchOut, CommentBatch
from services.common.callers import CallerPrincipal
from services.common.deps import ClockDep, DatabaseDep, IdsDep

router = APIRouter(prefix="/import")


@router.post("/comments")
async def import_comment_batch(
    batch: CommentBatch, principal: CallerPrincipal, database: DatabaseDep, ids: IdsDep, clock: ClockDep
) -> BatchOut:
    principal.require("import:run")
    items = await asyncio.to_thread(lambda: [prepare_comment(comment) for comment in batch.comments])
    work = partial(import_comments, source=batch.source, items=items, ids=ids, now=clock())
    return BatchOut(results=await database.write(work))
