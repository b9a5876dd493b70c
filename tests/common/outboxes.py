"""An outbox to follow: that of the posts service, written to directly."""

from datetime import UTC, datetime
from typing import Any

import httpx

from services.common.change_feed import ChangeCursor, ChangePage, read_changes
from services.common.change_routes import change_routes
from services.common.changes import Change, append_changes
from services.common.database import Database, Writes
from services.common.hot_routes import hot_routes
from services.common.in_process import InProcessTransport
from services.posts.tables import changes
from tests.common.apps import app_of

AT = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)


async def append(writes: Writes, *entity_ids: int) -> None:
    happened = [Change("post.changed", one, 3, (f"post:{one}", "label:Cafés")) for one in entity_ids]
    await append_changes(writes, changes, happened, AT)


async def write(database: Database, *entity_ids: int) -> None:
    await database.write(lambda writes: append(writes, *entity_ids))


async def page(database: Database, after: ChangeCursor, limit: int = 100) -> ChangePage:
    async with database.read() as reads:
        return await read_changes(reads, changes, after, limit)


def entities(read: ChangePage) -> list[int]:
    return [row.entity_id for row in read.rows]


def follower(database: Database) -> httpx.AsyncClient:
    transport = InProcessTransport(app_of(hot=hot_routes(change_routes(changes))), {"database": database})
    return httpx.AsyncClient(transport=transport, base_url="http://posts", timeout=30)


async def get(client: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await client.get("/changes", params=params)
    assert answer.status_code == 200, answer.text
    read: dict[str, Any] = answer.json()
    return read


def told(read: dict[str, Any]) -> list[str]:
    return [item["entity_id"] for item in read["items"]]
