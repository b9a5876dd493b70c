"""Asks in one call for all that is asked for in one turn of the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from functools import partial
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Together(Generic[Q, A]):
    """`ask` takes up to `most` questions and gives their answers in the same order; what it raises is raised to each.

    It runs in a context of nobody's. Who stops waiting for an answer ends the call for nobody.
    """

    def __init__(self, ask: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], most: int) -> None:
        self._ask = ask
        self._most = most
        self._asked: list[tuple[Q, asyncio.Future[A]]] = []
        self._calls = set[asyncio.Task[None]]()

    async def __call__(self, question: Q) -> A:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        if not self._asked:
            loop.call_soon(self._call, context=Context())
        self._asked.append((question, answer))
        return await answer

    def _call(self) -> None:
        asked, self._asked = [one for one in self._asked if not one[1].done()], []
        for start in range(0, len(asked), self._most):
            together = asked[start : start + self._most]
            call = asyncio.create_task(self._answer(together))
            self._calls.add(call)
            call.add_done_callback(partial(self._is_over, together))

    async def _answer(self, asked: Sequence[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._ask([question for question, _ in asked])
            for (_, waiting), answer in zip(asked, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)
        except Exception as exc:  # noqa: BLE001 whatever it is, it is for who asked
            for _, waiting in asked:
                if not waiting.done():
                    waiting.set_exception(exc)

    def _is_over(self, asked: Sequence[tuple[Q, asyncio.Future[A]]], call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        for _, waiting in asked:
            waiting.cancel()  # of a call that was ended; else they are done

    async def close(self) -> None:
        """Ends the calls that are on their way."""
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
