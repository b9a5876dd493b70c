"""How many requests are worked on at a time. Others wait for a moment; more than that are told to come back."""

import asyncio
from collections import Counter, deque
from typing import Final

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common.problem_handlers import Answer, plain_answer
from services.common.problems import Unavailable

_TIMES: Final = 4
_PATIENCE_S: Final = 1.0
_READS_EACH_TURN: Final = 4
_WRITES_EACH_TURN: Final = 32
"""What is written waits for its disk before it is answered, with all that is written meanwhile: the more the better."""
_RETRY_AFTER_S: Final = 2
UNLIMITED: Final = ("/static/", "/livez", "/readyz", "/metrics")
IS_REFUSED: Final = "dateline.refused"
"""Set in the scope of a request that was told to come back."""
_READS: Final = frozenset({"GET", "HEAD"})


_Waiting = tuple[float, asyncio.Future[bool]]
"""Until when, by the loop's clock."""


class Overloaded(Unavailable):
    def __init__(self) -> None:
        super().__init__("There is too much to do at the moment. Please try again.", retry_after_s=_RETRY_AFTER_S)


class Places:
    """So many requests at once, and so many that wait, for a second.

    A few begin in each turn of the event loop. A page may be composed without waiting for anything: where all that came
    at once were worked on in one turn, new connections would wait for all of them, and nobody would count who waits.
    """

    def __init__(self, at_once: int, waiting: int, each_turn: int, *, kind: str, refused: Counter[str]) -> None:
        self._free = at_once
        self._most_waiting = waiting
        self._waiting = deque[_Waiting]()
        self._looking: asyncio.TimerHandle | None = None
        self._each_turn = self._left = each_turn
        self._is_turning = False
        self._kind = kind
        self._refused = refused

    @property
    def is_crowded(self) -> bool:
        """As many wait as may, beside those for whom a place is free."""
        return len(self._waiting) >= self._most_waiting + self._free

    def turn_away(self) -> None:
        """Counts one who is not even let in to be refused."""
        self._refused[self._kind] += 1

    async def take(self) -> None:
        """Raises Overloaded."""
        if self._free and self._left and not self._waiting:
            self._take_one()
            self._turn_soon()
        elif self.is_crowded or not await self._wait():
            self.turn_away()
            raise Overloaded

    def give_back(self) -> None:
        self._free += 1
        if self._waiting:
            self._turn_soon()

    async def _wait(self) -> bool:
        """Whether a place was given before patience was over."""
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[bool] = loop.create_future()
        until = loop.time() + _PATIENCE_S
        if not self._waiting:
            self._look_at(until)
        self._waiting.append((until, mine))
        try:
            return await mine
        except asyncio.CancelledError:
            if not mine.cancelled() and mine.result():
                self.give_back()
            elif (until, mine) in self._waiting:
                self._waiting.remove((until, mine))
            raise

    def _give_up(self) -> None:
        """Who came first has waited for the longest, so one clock is enough for all."""
        now = asyncio.get_running_loop().time()
        while self._waiting and self._waiting[0][0] <= now:
            _, one = self._waiting.popleft()
            if not one.done():
                one.set_result(False)
        if self._waiting:
            self._look_at(self._waiting[0][0])

    def _look_at(self, until: float) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = asyncio.get_running_loop().call_at(until, self._give_up)

    def _take_one(self) -> None:
        self._free -= 1
        self._left -= 1

    def _turn_soon(self) -> None:
        if not self._is_turning:
            self._is_turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Those who wait come first."""
        self._is_turning, self._left = False, self._each_turn
        while self._waiting and self._free and self._left:
            _, first = self._waiting.popleft()
            if not first.done():
                first.set_result(True)
                self._take_one()
        if self._left < self._each_turn:
            self._turn_soon()


class Gates:
    """Reads and writes have places of their own: a write that waits for its disk keeps no page from its readers.

    So many reads are worked on, and four times as many wait; with writes it is the other way round, up to the most that
    may be worked on. `refused` are counted by `reads` and `writes`.
    """

    def __init__(self, at_once: int, most_writes: int, refused: Counter[str] | None = None) -> None:
        refused = Counter() if refused is None else refused
        more = at_once * _TIMES
        self.reads = Places(at_once, more, _READS_EACH_TURN, kind="reads", refused=refused)
        writes = max(at_once, min(more, most_writes))
        self.writes = Places(writes, at_once + more - writes, _WRITES_EACH_TURN, kind="writes", refused=refused)


class Admission:
    """Lets requests in by gates."""

    def __init__(self, app: ASGIApp, *, gates: Gates, answer: Answer = plain_answer) -> None:
        self._app = app
        self._answer = answer
        self._gates = gates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(UNLIMITED):
            await self._app(scope, receive, send)
            return
        place = _Place(self._gates.reads if scope["method"] in _READS else self._gates.writes)
        try:
            if _brings_body(scope):
                receive = place.taken_after(receive)
            else:
                await place.take()
            await self._app(scope, receive, place.left_by(send))
        except Overloaded as exc:
            scope[IS_REFUSED] = True
            await self._answer(Request(scope), exc)(scope, receive, send)
        finally:
            place.leave()


class _Place:
    """One request's, from when all of it has come to when it is answered: who sends or reads slowly keeps none."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._is_taken = False

    async def take(self) -> None:
        await self._places.take()
        self._is_taken = True

    def leave(self) -> None:
        if self._is_taken:
            self._is_taken = False
            self._places.give_back()

    def taken_after(self, receive: Receive) -> Receive:
        """`receive` that raises HTTPException, which FastAPI lets through where it reads bodies."""
        is_whole = False

        async def receive_and_take() -> Message:
            nonlocal is_whole
            message = await receive()
            if not is_whole and not message.get("more_body", False):
                is_whole = True
                try:
                    await self.take()
                except Overloaded as exc:
                    raise HTTPException(exc.status, headers=exc.headers) from exc
            return message

        return receive_and_take

    def left_by(self, send: Send) -> Send:
        async def leave_and_send(message: Message) -> None:
            self.leave()
            await send(message)

        return leave_and_send


def _brings_body(scope: Scope) -> bool:
    for name, value in scope["headers"]:  # a loop, because a generator would be felt here
        if (name == b"content-length" and value != b"0") or name == b"transfer-encoding":
            return True
    return False
