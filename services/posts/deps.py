"""What the routes are given: the parts that the app was built with."""

from typing import Annotated

from fastapi import Depends, Request

from services.common.clock import Clock
from services.common.database import Database
from services.common.html import HtmlPolicy
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


async def _public_url(request: Request) -> str:
    public_url: str = request.state.public_url
    return public_url


async def _policy(request: Request) -> HtmlPolicy:
    policy: HtmlPolicy = request.state.policy
    return policy


DatabaseDep = Annotated[Database, Depends(_database)]
IdsDep = Annotated[IdSource, Depends(_ids)]
ClockDep = Annotated[Clock, Depends(_clock)]
PublicUrlDep = Annotated[str, Depends(_public_url)]
PolicyDep = Annotated[HtmlPolicy, Depends(_policy)]
