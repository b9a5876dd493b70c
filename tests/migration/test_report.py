"""The report counts what came in and names what did not, with the reason."""

import sys
from types import FrameType
from typing import Any

from services.migration.records import BlogRecord, Outline, Skipped
from services.migration.report import Report


def outline(*, host: str | None = None, own_links: int = 0, skipped: tuple[Skipped, ...] = ()) -> Outline:
    return Outline("test:1", BlogRecord("B"), host=host, own_links=own_links, skipped=list(skipped))


def started(**given: Any) -> Report:
    report = Report()
    report.start(outline(**given))
    return report


def test_import_that_did_not_begin_says_nothing() -> None:
    assert list(Report().lines()) == []


def test_outcomes_are_counted_by_kind() -> None:
    report = started()
    for what, outcome in (("post", "created"), ("post", "created"), ("post", "unchanged"), ("page", "created")):
        report.note(what, "1", outcome, [])
    report.note("comment", "1", "refused", ["too deep"])
    assert list(report.lines()) == [
        "posts: 2 imported, 1 already here, 0 not imported",
        "pages: 1 imported, 0 already here, 0 not imported",
        "comments: 0 imported, 0 already here, 1 not imported",
        "Not imported, or not as it was:",
        "  1 comment: too deep (1)",
    ]


def test_reasons_are_grouped_the_most_frequent_first() -> None:
    skipped = (Skipped("post", "a", "rare"), Skipped("post", "b", "frequent"), Skipped("comment", "c", "frequent"))
    report = started(skipped=skipped)
    for number in range(7):
        report.note("post", f"p{number}", "created", ["frequent"])
    assert list(report.lines())[4:] == [
        "  8 post: frequent (b, p0, p1, p2, p3 and 3 more)",
        "  1 post: rare (a)",
        "  1 comment: frequent (c)",
    ]


def test_five_examples_stand_without_more() -> None:
    report = started(skipped=tuple(Skipped("post", str(number), "why") for number in range(5)))
    assert list(report.lines())[-1] == "  5 post: why (0, 1, 2, 3, 4)"


def test_links_to_the_old_host_are_told() -> None:
    assert (
        "links: 3 in the texts name old.example and were kept as they are"
        in started(host="old.example", own_links=3).lines()
    )
    assert not any(line.startswith("links:") for line in started(host="old.example").lines())


def test_two_exports_make_one_report() -> None:
    report = Report()
    for number, host in enumerate(("one.example", None)):
        report.start(outline(host=host, own_links=2, skipped=(Skipped("post", str(number), "why"),)))
        report.note("post", str(number), "created", [])
    lines = list(report.lines())
    assert lines[0] == "posts: 2 imported, 0 already here, 0 not imported"
    assert "links: 4 in the texts name one.example and were kept as they are" in lines
    assert lines[-1] == "  2 post: why (0, 1)"


def test_lines_take_steps_in_proportion() -> None:
    """Reasons that name a path are each their own: a blog of 50,000 may have as many."""

    def steps(count: int) -> int:
        report = started(skipped=tuple(Skipped("post", str(number), f"why {number}") for number in range(count)))
        executed = 0

        def trace(frame: FrameType, event: str, _argument: object) -> Any:
            nonlocal executed
            frame.f_trace_opcodes = True
            executed += event == "opcode"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            assert len(list(report.lines())) == count + 4
        finally:
            sys.settrace(before)
        return executed

    assert steps(400) < 15 * steps(40)
