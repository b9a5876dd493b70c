"""Ends the work of one task from outside, and tells that from what others cancel: `asyncio.timeout` without a time."""

import asyncio


class Interrupt:
    """Of the task that makes it. Not a context manager with coroutines, because every request has several."""

    __slots__ = ("_is_called", "_task", "_was_cancelling")

    def __init__(self) -> None:
        self._task = asyncio.current_task()
        self._was_cancelling = 0 if self._task is None else self._task.cancelling()
        self._is_called = False

    @property
    def is_called(self) -> bool:
        return self._is_called

    def __call__(self) -> None:
        """Raises CancelledError where the task waits."""
        if self._task is not None and not self._is_called:
            self._is_called = True
            self._task.cancel()

    def is_over(self) -> bool:
        """To be asked once when the work has ended, if it was called: whether nobody else wants the task to end."""
        return self._task is not None and self._is_called and self._task.uncancel() <= self._was_cancelling
