"""The routes by which other services follow an outbox. They name what is not public: for services only."""

import json
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping, Table

from services.common.change_feed import BEGINNING, ChangeCursor, present_end, wait_for_changes
from services.common.deps import DatabaseDep
from services.common.ids import IdOut
from services.common.models import Output

MAX_CHANGES: Final = 1000
MAX_WAIT_S: Final = 25.0
"""Below the 30 s after which proxies and clients commonly give up."""

Limit = Annotated[int, Query(ge=1, le=MAX_CHANGES)]
Wait = Annotated[float, Query(ge=0, le=MAX_WAIT_S, allow_inf_nan=False)]


class ChangeOut(Output):
    kind: str
    entity_id: IdOut
    version: int
    touches: list[str]
    at: datetime


class ChangesOut(Output):
    """`next` is what to send as `after`, also when there is nothing."""

    items: list[ChangeOut]
    next: str
    has_more: bool


class HeadOut(Output):
    next: str


def changes_router(table: Table) -> APIRouter:
    router = APIRouter(prefix="/changes")

    @router.get("")
    async def list_changes(
        database: DatabaseDep, after: str | None = None, limit: Limit = 100, wait_s: Wait = 0, settled: bool = True
    ) -> ChangesOut:
        """Not `settled`: also what may not be passed yet, because of older transactions that are still open."""
        place = BEGINNING if after is None else ChangeCursor.decode(after)
        page = await wait_for_changes(database, table, place, limit, wait_s, settled=settled)
        return ChangesOut(
            items=[_change_out(row) for row in page.rows], next=page.next.encode(), has_more=page.has_more
        )

    @router.get("/head")
    async def get_head(database: DatabaseDep) -> HeadOut:
        async with database.read() as reads:
            return HeadOut(next=(await present_end(reads, table)).encode())

    return router


def _change_out(row: RowMapping) -> ChangeOut:
    return ChangeOut(
        kind=row["kind"],
        entity_id=row["entity_id"],
        version=row["version"],
        touches=json.loads(row["touches"]),
        at=row["at"],
    )
