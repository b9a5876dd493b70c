"""Reaches behind the services' HTTP for what no request can do: former paths, the outbox, jobs that wait for a time."""

import json
from functools import partial
from typing import Any, cast

from sqlalchemy import Table, insert, select

from services.common.database import Database, Writes
from services.common.in_process import InProcessTransport
from services.posts.commands.publish_due import publish_due
from services.posts.tables import paths
from tests.stack import Stack


def database(stack: Stack, service: str) -> Database:
    inner = cast("InProcessTransport", stack.upstreams[service]._inner)
    found: Database = inner._state["database"]
    return found


async def give_former_path(stack: Stack, path: str, post_id: str) -> None:
    async def work(writes: Writes) -> None:
        await writes.execute(insert(paths).values(path=path, post_id=int(post_id)))

    await database(stack, "posts").write(work)


async def publish_what_is_due(stack: Stack) -> int:
    return await database(stack, "posts").write(partial(publish_due, now=stack.clock()))


async def outbox(stack: Stack, service: str, changes: Table) -> list[tuple[str, str, int, list[str]]]:
    """Kind, entity id, version and touched tags of every change, in order."""
    async with database(stack, service).read() as reads:
        rows: Any = await reads.execute(select(changes).order_by(changes.c.seq))
        return [(row.kind, str(row.entity_id), row.version, json.loads(row.touches)) for row in rows]
