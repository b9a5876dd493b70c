"""Another service whose change feed is followed, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

import httpx
import msgspec

T = TypeVar("T")
_LONGER_THAN_WAIT_S: Final = 5.0
_INVALID: Final = 422


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
    """The service gave no answer that makes sense."""


class LostPlaceError(NotFollowedError):
    """The place is not in the service's feed, as after its database came back out of a backup: start over."""


class FollowedService:
    """Every call raises NotFollowedError when there is no good answer."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

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
            # of the parameters only the place is not our own
            if isinstance(exc.__cause__, httpx.HTTPStatusError) and exc.__cause__.response.status_code == _INVALID:
                raise LostPlaceError(str(exc)) from exc
            raise

    async def get(
        self, path: str, kind: type[T], params: Mapping[str, Any] | None = None, *, timeout_s: float = 30.0
    ) -> T:
        try:
            answer = await self._client.get(path, params=params, timeout=timeout_s)
            answer.raise_for_status()
            return msgspec.json.decode(answer.content, type=kind)
        except (httpx.HTTPError, msgspec.MsgspecError) as exc:
            raise NotFollowedError(f"{path} of {self._client.base_url}: {exc or type(exc).__name__}") from exc

    async def close(self) -> None:
        await self._client.aclose()
