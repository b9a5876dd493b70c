"""What the routes of posts are given besides: what may stay in bodies, versions seen, and the desk of an editor."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from msgspec import Struct

from services.common.callers import CallerPrincipal, Principal
from services.common.database import Database, Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.html import HtmlPolicy
from services.posts.commands.editing import Editing

T = TypeVar("T")


async def _public_url(request: Request) -> str:
    public_url: str = request.state.public_url
    return public_url


async def _policy(request: Request) -> HtmlPolicy:
    policy: HtmlPolicy = request.state.policy
    return policy


PublicUrlDep = Annotated[str, Depends(_public_url)]
PolicyDep = Annotated[HtmlPolicy, Depends(_policy)]
IfMatch = Annotated[str | None, Header(max_length=1000)]


class Desk(Struct, frozen=True):
    """Runs an editor's units of work."""

    database: Database
    principal: Principal
    begin: Callable[[Writes], Awaitable[Editing]]

    async def edit(self, work: Callable[[Editing], Awaitable[T]]) -> T:
        async def unit(writes: Writes) -> T:
            return await work(await self.begin(writes))

        return await self.database.write(unit)


async def _desk(
    principal: CallerPrincipal, database: DatabaseDep, ids: IdsDep, clock: ClockDep, public_url: PublicUrlDep
) -> Desk:
    """Raises Unauthorized and Forbidden without the scope posts:write."""
    principal.require("posts:write")

    async def begin(writes: Writes) -> Editing:
        return await Editing.begin(writes, ids=ids, now=clock(), principal=principal, public_url=public_url)

    return Desk(database, principal, begin)


DeskDep = Annotated[Desk, Depends(_desk)]
