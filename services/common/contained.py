"""Awaits work whose steps are taken in a way of their own, as in another context."""

from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Run = Callable[[Callable[[], Any]], Any]
"""Takes a step and gives on what it gave, which is what the work waits for."""


class Contained(Generic[T]):
    """Takes its steps where it is awaited, each by `run`. A task of its own costs two turns of the event loop."""

    def __init__(self, work: Awaitable[T], run: Run) -> None:
        self._work = work
        self._run = run

    def __await__(self) -> Generator[Any, Any, T]:
        run, work = self._run, self._work.__await__()
        try:
            awaited = run(partial(work.send, None))
        except StopIteration as end:
            result: T = end.value
            return result
        return (yield from rest_of(work, awaited, run))


def rest_of(work: Generator[Any, Any, T], awaited: Any, run: Run) -> Generator[Any, Any, T]:
    """What is left of work that has given `awaited`, each step by `run`."""
    while True:
        try:
            step = partial(work.send, (yield awaited))
        except GeneratorExit:
            run(work.close)
            raise
        except BaseException as exc:  # noqa: BLE001 whatever it is, it is the work's to see
            step = partial(work.throw, exc)
        try:
            awaited = run(step)
        except StopIteration as end:
            result: T = end.value
            return result
