"""Another service whose change feed is followed, over HTTP."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import httpx
import msgspec

from services.common.sender import Sender

T = TypeVar("T")
_LONGER_THAN_WAIT_S: Final = 5.0


class FollowedChange(msgspec.Struct, frozen=True):
    kind: str
    entity_id: str
    version: int
    touches: list[str]


class FollowedPage(msgspec.Struct, frozen=True):
    """`next` is the place after it, also when there is nothing."""

    items: Sequence[FollowedChange]
    next: str
    has_more: bool


class _Head(msgspec.Struct, frozen=True):
    next: str


class NotFollowedError(RuntimeError):
    """The service gave no answer that makes sense; `status` is that of another answer than was asked for."""

    def __init__(self, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.status = status


class LostPlaceError(NotFollowedError):
    """The place is not in the service's feed, as after its database came back out of a backup: start over."""


class FollowedService:
    """Every call raises NotFollowedError when there is no good answer."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def head(self) -> str:
        """The place at which to begin for one who reads the state afterwards."""
        return (await self.get("/changes/head", _Head)).next

    async def changes(self, after: str, *, limit: int, wait_s: float, settled: bool = True) -> FollowedPage:
        """Waits so long for something to come. Not `settled`: all there is, to look at but not to go on from.

        Raises LostPlaceError as well.
        """
        params = {"after": after, "limit": limit, "wait_s": wait_s, "settled": settled}
        try:
            return await self.get("/changes", FollowedPage, params, timeout_s=wait_s + _LONGER_THAN_WAIT_S)
        except NotFollowedError as exc:
            if exc.status == httpx.codes.UNPROCESSABLE_ENTITY:  # of the parameters only the place is not our own
                raise LostPlaceError(str(exc)) from exc
            raise

    async def get(
        self, path: str, kind: type[T], params: Mapping[str, Any] | None = None, *, timeout_s: float = 30.0
    ) -> T:
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._sender.send(self._sender.call("GET", path, params))
            if answer.status == httpx.codes.OK:
                return msgspec.json.decode(answer.content, type=kind)
        except (httpx.HTTPError, TimeoutError, msgspec.MsgspecError) as exc:
            raise NotFollowedError(f"{path} gave no answer: {exc or type(exc).__name__}") from exc
        raise NotFollowedError(f"{path} answered {answer.status}", answer.status)

    async def close(self) -> None:
        await self._sender.close()
