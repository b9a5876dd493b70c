"""Progress of long work: a bar on a terminal, a line now and then elsewhere. Both on standard error."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from services.migration import progress

_LINE_EVERY_S: Final = 5.0


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


class BarProgress:
    """One bar for each part of the work."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def start(self, what: str, total: int | None) -> None:
        self._task = self._bars.add_task(what, total=total)

    def advance(self, count: int) -> None:
        if self._task is not None:
            self._bars.advance(self._task, count)


class LineProgress:
    """A line at the start and the end of each part, and every five seconds between."""

    def __init__(self) -> None:
        self._what, self._done = "", 0
        self._total: int | None = 0
        self._started_at = self._said_at = time.monotonic()

    def start(self, what: str, total: int | None) -> None:
        self._what, self._total, self._done = what, total, 0
        self._started_at = self._said_at = time.monotonic()
        self._say()

    def advance(self, count: int) -> None:
        self._done += count
        is_end = self._total is not None and self._done >= self._total
        if is_end or time.monotonic() - self._said_at >= _LINE_EVERY_S:
            self._say()

    def _say(self) -> None:
        self._said_at = time.monotonic()
        rate = self._done / max(self._said_at - self._started_at, 0.001)
        of = "" if self._total is None else f" of {self._total}"
        print(f"{self._what}: {self._done}{of}, {rate:,.0f}/s", file=sys.stderr, flush=True)


@contextmanager
def shown_progress() -> Iterator[progress.Progress]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield LineProgress()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        yield BarProgress(bars)
