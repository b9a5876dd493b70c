"""All comments as lines of JSON, for a file."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response

from services.comments.queries.export import export_page
from services.comments.schemas.exported import exported_line
from services.common.callers import CallerPrincipal
from services.common.cursors import NumberCursor
from services.common.deps import DatabaseDep
from services.common.media_type_route import NDJSON

router = APIRouter(prefix="/export")
MAX_PAGE: Final = 1000


@router.get("/comments")
async def export_comments(
    principal: CallerPrincipal,
    database: DatabaseDep,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = MAX_PAGE,
) -> Response:
    """In the order of ids, so that replies may come before what they answer. `Link` leads on while there is more."""
    principal.require("comments:moderate", "import:run")
    after = 0 if cursor is None else NumberCursor.decode(cursor).number
    async with database.read() as reads:
        rows, has_more = await export_page(reads, after, limit)
    content = b"".join(map(exported_line, rows))
    return Response(content, media_type=NDJSON, headers=_next_page(rows[-1]["id"], limit) if has_more else {})


def _next_page(last_id: int, limit: int) -> dict[str, str]:
    """Relative to the address that was asked, so that it holds at the gateway as well."""
    return {"Link": f'<?cursor={NumberCursor(last_id).encode()}&limit={limit}>; rel="next"'}
