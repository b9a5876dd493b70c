"""Awaits a coroutine in a context of its own: what it sets in context variables stays with it."""

from collections.abc import Coroutine, Generator
from contextvars import Context
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Contained(Generic[T]):
    """Takes its steps where it is awaited, each in the context. A task of its own, which gives it one as well, costs
    two turns of the event loop.
    """

    def __init__(self, work: Coroutine[Any, Any, T], context: Context) -> None:
        self._work = work
        self._context = context

    def __await__(self) -> Generator[Any, Any, T]:
        run, step = self._context.run, partial(self._work.send, None)
        while True:
            try:
                awaited = run(step)
            except StopIteration as end:
                result: T = end.value
                return result
            try:
                step = partial(self._work.send, (yield awaited))
            except GeneratorExit:
                run(self._work.close)
                raise
            except BaseException as exc:  # noqa: BLE001 whatever it is, it is the work's to see
                step = partial(self._work.throw, exc)
