"""Awaits work that is mostly over with its first step: what the rest of it needs is set up once there is a rest."""

from collections.abc import Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

from services.common.contained import rest_of

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
        return (yield from rest_of(work, awaited, _as_it_is))


def _as_it_is(step: Callable[[], Any]) -> Any:
    return step()
