"""Awaits work that is mostly over with its first step: what the rest of it needs is set up once there is a rest."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Begun(Generic[T]):
    """Calls `on_wait` when the work waits for the first time; clocks and tasks for nothing would be felt."""

    def __init__(self, work: Awaitable[T], on_wait: Callable[[], None]) -> None:
        self._work = work
        self._on_wait = on_wait

    def __await__(self) -> Generator[Any, Any, T]:
        work = self._work.__await__()
        try:
            awaited = work.send(None)
        except StopIteration as end:
            result: T = end.value
            return result
        self._on_wait()
        return (yield from _rest(work, awaited))


def _rest(work: Generator[Any, Any, T], awaited: Any) -> Generator[Any, Any, T]:
    """As `yield from` goes on with what it has begun itself."""
    while True:
        try:
            step = partial(work.send, (yield awaited))
        except GeneratorExit:
            work.close()
            raise
        except BaseException as exc:  # noqa: BLE001 whatever it is, it is the work's to see
            step = partial(work.throw, exc)
        try:
            awaited = step()
        except StopIteration as end:
            result: T = end.value
            return result
