"""The routes by which other services follow an outbox. They name what is not public: for services only."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from fastapi import Request
from msgspec import Meta
from sqlalchemy import Table
from starlette.responses import Response

from services.common.change_feed import BEGINNING, ChangeCursor, ChangeRow, present_end, wait_for_changes
from services.common.hot_routes import Endpoint, json_answer
from services.common.parameters import Parameters

MAX_CHANGES: Final = 1000
MAX_WAIT_S: Final = 25.0
"""Below the 30 s after which proxies and clients commonly give up."""


class AskedChanges(Parameters, frozen=True):
    """Not `settled`: also what may not be passed yet, because of older transactions that are still open."""

    after: str | None = None
    limit: Annotated[int, Meta(ge=1, le=MAX_CHANGES)] = 100
    wait_s: Annotated[float, Meta(ge=0, le=MAX_WAIT_S)] = 0
    settled: bool = True


def change_routes(table: Table) -> Mapping[str, Endpoint]:
    """By path. A page has `items`, each what happened to which entity, and as `next` what to send as `after`, also
    when there is nothing. The head has `next` alone.
    """

    async def list_changes(request: Request) -> Response:
        asked = AskedChanges.of(request)
        place = BEGINNING if asked.after is None else ChangeCursor.decode(asked.after)
        page = await wait_for_changes(
            request.state.database, table, place, asked.limit, asked.wait_s, settled=asked.settled
        )
        items = [_change(row) for row in page.rows]
        return json_answer({"items": items, "next": page.next.encode(), "has_more": page.has_more})

    async def get_head(request: Request) -> Response:
        async with request.state.database.read(is_short=True) as reads:
            return json_answer({"next": (await present_end(reads, table)).encode()})

    return {"/changes": list_changes, "/changes/head": get_head}


def _change(row: ChangeRow) -> dict[str, Any]:
    touches = msgspec.Raw(row.touches.encode())  # a list in JSON as it is
    return {"kind": row.kind, "entity_id": str(row.entity_id), "version": row.version, "touches": touches}
