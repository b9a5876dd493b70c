"""One upstream service: calls it, and sorts its answers into usable, refused and down."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVar, cast

import httpx
import msgspec
import structlog

from services.common.callers import Principal, principal_headers
from services.common.problems import TYPE_PREFIX
from services.common.sender import Answer, Call, Sender
from services.gateway.cache.gathering import may_have_taken_down, wrote_to
from services.gateway.calls.deadline import request_ends_at
from services.gateway.calls.guard import Guard
from services.gateway.calls.patience import Patience
from services.gateway.calls.retry_budget import RetryBudget
from services.gateway.clients.takes_down import taken_down_by
from services.gateway.errors import PassedOn, ServiceDown

T = TypeVar("T")
Reader = Callable[[Answer], T]
"""Makes sense of an answer; raises MsgspecError or ValueError for one that makes none."""
_TOLD: Final = frozenset({"retry-after"})
"""Headers of a refusal that are passed on with it."""
_SAFE: Final = frozenset({"GET", "HEAD"})
_RETRIED: Final = frozenset({502, 503, 504})
RESULTS: Final = ("ok", "refused", "failing", "no answer", "too late", "not understood", "left alone", "abandoned")
"""How calls end: `refused` with a problem, `left alone` are not made at all, `abandoned` by whoever asked."""
_RETRY_AFTER_S: Final = (0.01, 0.05)

_MOST_SAID: Final = 64 * 1024
"""Bytes of an answer to a ping: whoever sends without an end is asked twice a second."""


class Service:
    """Raises ServiceDown for no answer, 5xx and answers that make no sense; PassedOn for problems it found.

    Safe calls that failed at once are made a second time, as far as the budget of retries goes.
    """

    def __init__(self, name: str, sender: Sender, timeout_s: float) -> None:
        self.name = name
        self.guard = Guard(name, self.ping)
        self.calls = Counter[str](dict.fromkeys(RESULTS, 0))
        self.retries = 0
        self._sender = sender
        self._timeout_s = timeout_s
        self._retries = RetryBudget()
        self._log = structlog.stdlib.get_logger("dateline.upstream").bind(upstream=name)

    async def get(self, path: str, read: Reader[T], params: Mapping[str, Any] | None = None) -> T:
        return await self._call("GET", path, read, self._timeout_s, params=params)

    async def post(self, path: str, content: bytes, principal: Principal, *, timeout_s: float) -> Answer:
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
    ) -> Answer:
        """On behalf of a principal, with content of the type that `headers` say, else JSON."""
        given = {**(headers or {}), **principal_headers(principal)}
        if content is not None:
            given.setdefault("Content-Type", "application/json")
        sent = [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()]  # as they came
        return await self._call(method, path, _as_it_is, timeout_s, params=params, headers=sent, content=content)

    async def ping(self) -> None:
        """Raises httpx.HTTPError unless the service and what it depends on answer."""
        call = self._sender.call("GET", "/readyz")._replace(most=_MOST_SAID)
        if (answer := await self._sender.send(call)).status != httpx.codes.OK:
            raise httpx.HTTPError(f"it answers {answer.status}")

    async def close(self) -> None:
        await self.guard.close()
        await self._sender.close()

    def decode(self, answer: Answer, kind: type[T]) -> T:
        try:
            return json_of(kind)(answer)
        except msgspec.MsgspecError as exc:
            self._log.warning("answer not understood", status=answer.status, reason=str(exc))
            raise ServiceDown(self.name) from exc

    async def _call(self, method: str, path: str, read: Reader[T], timeout_s: float, **content: Any) -> T:
        try:
            call = self._sender.call(method, path, **content)
        except httpx.InvalidURL as exc:
            raise ServiceDown(self.name) from exc
        clock = asyncio.get_running_loop().time
        begun_at = clock()
        try:
            return await self._attempt(call, read, timeout_s)
        except ServiceDown as exc:
            pause_s = random.uniform(*_RETRY_AFTER_S)  # noqa: S311 only spreads retries
            if not (method in _SAFE and exc.is_worth_another and self._retries.spend()):
                raise
        finally:
            self._retries.earn()
        self.retries += 1
        await asyncio.sleep(pause_s)
        return await self._attempt(call, read, timeout_s - (clock() - begun_at))

    async def _attempt(self, call: Call, read: Reader[T], timeout_s: float) -> T:
        reads = call.method in _SAFE
        permit = self.guard.enter(reads=reads)
        if permit is None:
            self.calls["left alone"] += 1
            raise ServiceDown(self.name)
        result = "abandoned"
        good, is_refused, patience = None, False, Patience(timeout_s, request_ends_at())
        try:
            answer = await patience.wait_for(self._sender.send(call))
            found = read(self._usable(answer))
            good, result = True, "ok"
        except PassedOn:
            good = is_refused = True
            result = "refused"
            raise
        except TimeoutError as exc:
            result = "too late"
            self._log.warning("no answer in time")
            good = False if patience.is_over else None  # what had less time than others says nothing of the service
            raise ServiceDown(self.name) from exc
        except httpx.HTTPError as exc:
            good, is_refused = False, isinstance(exc, httpx.ConnectError)  # nobody was there to be asked
            result = "no answer"
            self._log.warning("no answer", reason=type(exc).__name__)
            raise ServiceDown(self.name, is_worth_another=True) from exc
        except (msgspec.MsgspecError, ValueError) as exc:
            good, result = False, "not understood"
            self._log.warning("answer not understood", reason=str(exc))
            raise ServiceDown(self.name) from exc
        except ServiceDown:
            good, result = False, "failing"
            raise
        finally:
            self.calls[result] += 1
            self.guard.leave(permit, reads=reads, good=good)
            if not reads and not is_refused:
                self._note_write(call.target.url.path, is_done=good is True)
        return found

    def _note_write(self, path: str, *, is_done: bool) -> None:
        tag = taken_down_by(self.name, path)
        if is_done:
            wrote_to(self.name, tag)
        elif tag is not None:
            may_have_taken_down(tag)

    def _usable(self, answer: Answer) -> Answer:
        if answer.status < httpx.codes.BAD_REQUEST:
            return answer
        if httpx.codes.is_server_error(answer.status):
            self._log.warning("failing", status=answer.status)
            raise ServiceDown(self.name, is_worth_another=answer.status in _RETRIED)
        if answer.status == httpx.codes.UNAUTHORIZED:
            self._log.error("our secret is not accepted: the services do not share a secrets folder")
            raise ServiceDown(self.name)
        raise self._refusal(answer)

    def _refusal(self, answer: Answer) -> Exception:
        """What is not one of our problems comes from something else at the service's address."""
        try:
            members = json.loads(answer.content)
            ours = isinstance(members, dict) and str(members.get("type")).startswith(TYPE_PREFIX)
        except ValueError:
            ours = False
        if not ours:
            return ServiceDown(self.name)
        return PassedOn(answer.status, members, {name: answer.headers[name] for name in _TOLD & {*answer.headers}})


def json_of(kind: type[T]) -> Reader[T]:
    """Reads answers of a kind."""
    decoder: msgspec.json.Decoder[T] = _decoder(cast("Any", kind))
    return lambda answer: decoder.decode(answer.content)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _as_it_is(answer: Answer) -> Answer:
    return answer
