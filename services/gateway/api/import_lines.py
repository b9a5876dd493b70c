"""Comments as lines of JSON: the pages of an export, sent back as they are."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.common.media_type_route import NdjsonRoute
from services.gateway.api.access import PrincipalDep
from services.gateway.deps import ForwarderDep
from services.gateway.responses import WRITE
from services.gateway.schemas.imports import CommentOutcomes, Source

router = APIRouter(prefix="/api/v1/import", tags=["import"], responses=WRITE, route_class=NdjsonRoute)


@router.post("/comments", include_in_schema=False)  # described beside the route that takes batches
async def import_comment_lines(
    request: Request, forwarder: ForwarderDep, principal: PrincipalDep, source: Annotated[Source, Query()] = "ndjson"
) -> CommentOutcomes:
    principal.require("import:run")
    return await forwarder.lines_to_comments(
        "/import/comments", await request.body(), principal, CommentOutcomes, {"source": source}
    )
