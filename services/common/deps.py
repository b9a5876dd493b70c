"""What the routes of a service with a database are given: the parts that its app was built with."""

from typing import Annotated

from fastapi import Depends, Request

from services.common.callers import CallerPrincipal
from services.common.clock import Clock
from services.common.database import Database
from services.common.idempotency_key import IdempotencyToken, sent_key, token_for
from services.common.ids import IdSource


async def _database(request: Request) -> Database:
    database: Database = request.state.database
    return database


async def _ids(request: Request) -> IdSource:
    ids: IdSource = request.state.ids
    return ids


async def _clock(request: Request) -> Clock:
    clock: Clock = request.state.clock
    return clock


DatabaseDep = Annotated[Database, Depends(_database)]
IdsDep = Annotated[IdSource, Depends(_ids)]
ClockDep = Annotated[Clock, Depends(_clock)]


async def _idempotency_token(request: Request, principal: CallerPrincipal) -> IdempotencyToken | None:
    line = f"{request.method} {request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
    return token_for(principal.name, sent_key(request.scope["headers"]), line, await request.body())


IdempotencyDep = Annotated[IdempotencyToken | None, Depends(_idempotency_token)]
