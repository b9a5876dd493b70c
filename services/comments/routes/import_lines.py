"""Takes in comments as lines of JSON, as an export gives them."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.comments.commands.import_comments import import_comments
from services.comments.commands.prepare_import import prepare_comment
from services.comments.domain.parents_first import parents_first
from services.comments.schemas.comment_lines import read_comment_lines
from services.comments.schemas.imports import BatchOut, Source
from services.common.callers import CallerPrincipal
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.media_type_route import NdjsonRoute

router = APIRouter(prefix="/import", route_class=NdjsonRoute)


@router.post("/comments")
async def import_comment_lines(
    request: Request,
    principal: CallerPrincipal,
    database: DatabaseDep,
    ids: IdsDep,
    clock: ClockDep,
    source: Annotated[Source, Query()] = "ndjson",
) -> BatchOut:
    """All lines or none, as with a batch. A reply may come before what it answers."""
    principal.require("import:run")
    comments = await read_comment_lines(request.stream())
    order = parents_first([(one.source_id, one.parent_source_id) for one in comments])
    items = await asyncio.to_thread(lambda: [prepare_comment(comments[number]) for number in order])
    work = partial(import_comments, source=source, items=items, ids=ids, now=clock())
    results = dict(zip(order, await database.write(work), strict=True))
    return BatchOut(results=[results[number] for number in range(len(comments))])
