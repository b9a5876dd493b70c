"""One upstream service: calls it, and sorts its answers into usable, refused and down."""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import httpx
import msgspec
import structlog

from services.common.callers import Principal, principal_headers
from services.common.problems import TYPE_PREFIX
from services.gateway.cache.gathering import writes_to
from services.gateway.errors import PassedOn, ServiceDown

T = TypeVar("T")
_TOLD: Final = frozenset({"retry-after"})
"""Headers of a refusal that are passed on with it."""


class Service:
    """Raises ServiceDown for no answer, 5xx and answers that make no sense; PassedOn for problems it found."""

    def __init__(self, name: str, client: httpx.AsyncClient) -> None:
        self.name = name
        self._client = client
        self._log = structlog.stdlib.get_logger("dateline.upstream").bind(upstream=name)

    async def get(self, path: str, params: Mapping[str, Any] | None = None) -> httpx.Response:
        return await self._call("GET", path, params=params)

    async def post(self, path: str, content: bytes, principal: Principal, *, timeout_s: float) -> httpx.Response:
        return await self.send("POST", path, principal, content=content, timeout_s=timeout_s)

    async def send(
        self,
        method: str,
        path: str,
        principal: Principal,
        *,
        timeout_s: float,
        content: bytes | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """On behalf of a principal, with JSON as content if there is any."""
        sent = {**(headers or {}), **principal_headers(principal)}
        if content is not None:
            sent["Content-Type"] = "application/json"
        return await self._call(method, path, content=content, params=params, headers=sent, timeout=timeout_s)

    async def ping(self) -> None:
        (await self._client.get("/livez")).raise_for_status()

    async def close(self) -> None:
        await self._client.aclose()

    def decode(self, answer: httpx.Response, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.MsgspecError as exc:
            self._log.warning("answer not understood", status=answer.status_code, reason=str(exc))
            raise ServiceDown(self.name) from exc

    async def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        if method != "GET":
            writes_to(self.name)
        # as they came: httpx takes text of ASCII letters only
        headers = {name: value.encode("latin-1") for name, value in options.pop("headers", {}).items()}
        try:
            answer = await self._client.request(method, path, headers=headers, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            self._log.warning("no answer", reason=type(exc).__name__)
            raise ServiceDown(self.name) from exc
        if httpx.codes.is_server_error(answer.status_code):
            self._log.warning("failing", status=answer.status_code)
            raise ServiceDown(self.name)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._log.error("our secret is not accepted: the services do not share a secrets folder")
            raise ServiceDown(self.name)
        if httpx.codes.is_client_error(answer.status_code):
            raise self._refusal(answer)
        return answer

    def _refusal(self, answer: httpx.Response) -> Exception:
        """What is not one of our problems comes from something else at the service's address."""
        try:
            members = json.loads(answer.content)
            ours = isinstance(members, dict) and str(members.get("type")).startswith(TYPE_PREFIX)
        except ValueError:
            ours = False
        if not ours:
            return ServiceDown(self.name)
        return PassedOn(answer.status_code, members, {name: answer.headers[name] for name in _TOLD & {*answer.headers}})
