"""Progress of long work: lines where there is no terminal, bars where there is one, always on standard error."""

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from services.cli import progress
from services.cli.progress import BarProgress, LineProgress, shown_progress


class HeldTime:
    """What `time.monotonic` says, moved by a test."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> HeldTime:
    held = HeldTime()
    monkeypatch.setattr(progress, "time", held)
    return held


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()


def test_lines_at_the_start_and_the_end(capsys: pytest.CaptureFixture[str], time: HeldTime) -> None:
    lines = LineProgress()
    lines.start("posts and pages", 3000)
    assert said(capsys) == ["posts and pages: 0 of 3000, 0/s"]
    lines.advance(1000)
    lines.advance(1000)
    assert said(capsys) == []
    time.now += 2
    lines.advance(1000)
    assert said(capsys) == ["posts and pages: 3000 of 3000, 1,500/s"]


def test_line_every_five_seconds(capsys: pytest.CaptureFixture[str], time: HeldTime) -> None:
    lines = LineProgress()
    lines.start("comments", 100)
    for _ in range(12):
        time.now += 1
        lines.advance(2)
    assert said(capsys) == ["comments: 0 of 100, 0/s", "comments: 10 of 100, 2/s", "comments: 20 of 100, 2/s"]


def test_each_part_counts_anew(capsys: pytest.CaptureFixture[str], time: HeldTime) -> None:
    lines = LineProgress()
    lines.start("posts and pages", 1)
    time.now += 1
    lines.advance(1)
    lines.start("comments", 4)
    time.now += 2
    lines.advance(4)
    assert said(capsys)[1:] == ["posts and pages: 1 of 1, 1/s", "comments: 0 of 4, 0/s", "comments: 4 of 4, 2/s"]


@pytest.mark.usefixtures("time")
def test_nothing_to_do_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = LineProgress()
    lines.start("comments", 0)
    assert said(capsys) == ["comments: 0 of 0, 0/s"]


def test_away_from_a_terminal_it_is_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress() as shown:
        assert isinstance(shown, LineProgress)
        shown.start("posts and pages", 1)
    assert len(said(capsys)) == 1


def test_bars_show_each_part() -> None:
    drawn = io.StringIO()
    with Progress(console=Console(file=drawn, force_terminal=True, width=100)) as bars:
        shown = BarProgress(bars)
        shown.advance(1)  # before the first part there is nothing to move
        shown.start("posts and pages", 2)
        shown.advance(2)
        shown.start("comments", 5)
        shown.advance(1)
        assert [(task.description, task.completed, task.total) for task in bars.tasks] == [
            ("posts and pages", 2, 2),
            ("comments", 1, 5),
        ]
    assert "posts and pages" in drawn.getvalue()
