"""Content for a file, to be kept or to move elsewhere."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from services.common.media_type_route import NDJSON
from services.gateway.api.access import PrincipalDep
from services.gateway.compose.export import exported_comments
from services.gateway.deps import ForwarderDep
from services.gateway.errors import UNAVAILABLE, ServiceDown
from services.gateway.examples import EXPORTED
from services.gateway.parameters import Cursor
from services.gateway.responses import OWN_LIST

router = APIRouter(prefix="/api/v1/export", tags=["export"])
_PAGE: Final = {
    "description": "A comment a line, in the order of ids; the header `Link` leads on with `rel=next` while there are "
    "more.",
    "content": {NDJSON: {"schema": {"type": "string"}, "example": EXPORTED}},
}


class NdjsonResponse(Response):
    media_type = NDJSON


@router.get(
    "/comments",
    operation_id="exportComments",
    summary="Comments in every state as lines of JSON; needs comments:moderate and import:run",
    response_class=NdjsonResponse,
    responses={200: _PAGE, **OWN_LIST},
)
async def export_comments(
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> Response:
    """A page may end earlier than its limit, where texts are long."""
    principal.require("comments:moderate", "import:run")
    timeout_s = forwarder.settings.write_timeout_s
    try:
        page = await exported_comments(forwarder.upstreams, principal, cursor, limit, timeout_s)
    except ServiceDown as exc:
        raise UNAVAILABLE[exc.service] from exc
    return NdjsonResponse(page.content, headers={} if page.link is None else {"Link": page.link})
