"""Comments sent to a whole Dateline: each to its post, once, in few calls, and all that stays behind is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from services.migration.addresses import address_of_post
from services.migration.calls import ImportFailed
from services.migration.comment_sender import CommentSender
from services.migration.records import CommentRecord, CommentState, Skipped
from services.migration.report import Report
from tests.stack import Stack

AT = datetime(2022, 1, 8, 12, tzinfo=UTC)


@dataclass
class Noted:
    """Progress as numbers: what was announced, what came."""

    parts: dict[str, list[int]] = field(default_factory=dict)

    def start(self, what: str, total: int | None) -> None:
        self.parts[what] = [total or 0, 0]

    def advance(self, count: int) -> None:
        self.parts[list(self.parts)[-1]][1] += count


@dataclass
class Comments:
    """An export out of records."""

    given: list[CommentRecord]
    source: str = "test:1"
    not_kept: str = "votes"
    keeps_bare_places: bool = False

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]:
        del skipped  # nothing is wrong with them
        yield from self.given


def a_comment(
    source_id: str, address: str, parent: str | None = None, state: CommentState = "live", body: str = "Well said."
) -> CommentRecord:
    return CommentRecord(source_id, address, parent, state, "Ann", None, body, "text", AT)


async def sent(client: httpx.AsyncClient, *given: CommentRecord, is_trial: bool = False) -> tuple[list[str], Noted]:
    report, progress = Report(), Noted()
    await CommentSender(client, progress, report, is_trial).send(Comments(list(given)))
    return list(report.lines()), progress


async def thread_of(stack: Stack, post_id: str) -> list[tuple[str, int]]:
    answer = await stack.reader.get(f"/api/v1/articles/{post_id}/comments")
    assert answer.status_code == 200, answer.text
    return [(one["body_html"] or "", one["depth"]) for one in answer.json()["items"]]


async def test_threads_find_their_posts_and_the_rest_is_told(stack: Stack) -> None:
    moved = await stack.post(path="/old.html")
    answer = await stack.operator.patch(
        f"/api/v1/posts/{moved['id']}", json={"path": "/new/"}, headers={"If-Match": "*"}
    )
    assert answer.status_code == 200, answer.text
    other = await stack.post(path="/other.html")
    given = [
        a_comment("r", "/old", "a", body="Third"),
        a_comment("a", "https://old.example/old.html?m=1", body="First"),
        a_comment("b", "https://old.example/new", body="Second"),
        a_comment("c", address_of_post(other["id"]), body="By id"),
        *(a_comment(f"x{number}", "/gone/\x1b[31m") for number in range(3)),
        a_comment("y", address_of_post("7")),
    ]
    lines, progress = await sent(stack.operator, *given)
    assert lines == [
        "comments: 4 imported, 0 already here, 4 not imported",
        "threads: 4 of 6 belong to a post here",
        "no post at /gone/[31m: 3 comments left out",
        "no post with the id 7: 1 comment left out",
        "never imported: votes",
    ]
    assert progress.parts == {"threads": [6, 6], "comments": [4, 4]}
    assert sorted(await thread_of(stack, moved["id"])) == [
        ("<p>First</p>\n", 0),
        ("<p>Second</p>\n", 0),
        ("<p>Third</p>\n", 1),
    ]
    assert await thread_of(stack, other["id"]) == [("<p>By id</p>\n", 0)]

    again, _ = await sent(stack.operator, *given)
    assert again == ["comments: 0 imported, 4 already here, 4 not imported", *lines[1:]]


async def test_a_trial_changes_nothing(stack: Stack) -> None:
    post = await stack.post(path="/x.html")
    given = [a_comment("a", "/x"), a_comment("b", "/y"), a_comment("c", "/x", state="deleted")]
    lines, _ = await sent(stack.operator, *given, is_trial=True)
    assert lines[:3] == [
        "comments: 1 would be imported or are here already, 2 would not",
        "threads: 1 of 2 belong to a post here",
        "no post at /y: 1 comment left out",
    ]
    assert lines[-1] == "  1 comment: it was deleted and nothing answers it (c)"
    assert await thread_of(stack, post["id"]) == []
    assert (await sent(stack.operator, *given))[0][0] == "comments: 1 imported, 0 already here, 2 not imported"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_thousands_of_threads_cost_few_calls_and_a_short_report(stack: Stack) -> None:
    await stack.post(path="/2021/x0.html")
    given = [a_comment(str(number), f"/2021/x{number}/") for number in range(1000)]
    with stack.recorder.recording() as costs:
        lines, _ = await sent(stack.operator, *given)
    assert costs.calls == ["posts POST /import/find-posts"] * 8 + ["comments POST /import/comments"]
    assert len(lines) == 24
    assert lines[1] == "threads: 1 of 1000 belong to a post here"
    assert lines[22] == "no post at 979 more addresses: 979 comments left out"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_interrupted_import_goes_on(stack: Stack) -> None:
    post = await stack.post(path="/x.html")
    chain = [a_comment(str(number), "/x", str(number - 1) if number else None) for number in range(1001)]
    calls: list[str] = []

    async def fail_at_third(request: httpx.Request) -> None:
        calls.append(request.url.path)
        if len(calls) == 3:
            raise httpx.ReadError("interrupted by a test")

    stack.operator.event_hooks = {"request": [fail_at_third]}
    with pytest.raises(ImportFailed):
        await sent(stack.operator, *chain)
    stack.operator.event_hooks = {}
    lines, _ = await sent(stack.operator, *chain)
    assert lines[0] == "comments: 501 imported, 500 already here, 0 not imported"
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert [(one["id"], one["comment_count"]) for one in listed] == [(post["id"], 1001)]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_a_text_that_no_route_takes_is_told(stack: Stack) -> None:
    await stack.post(path="/x.html")
    given = [a_comment("a", "/x", body="x" * 8_000_001), a_comment("b", "/x", body="x" * 20_001), a_comment("c", "/x")]
    lines, progress = await sent(stack.operator, *given)
    assert lines[0] == "comments: 1 imported, 0 already here, 2 not imported"
    assert {line.rpartition(": ")[2] for line in lines[-2:]} == {
        "it is longer than 8000000 characters (a)",
        "it is longer than 20000 characters (b)",
    }
    assert progress.parts["comments"] == [3, 3]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_key_without_the_scope_is_told(stack: Stack) -> None:
    with pytest.raises(ImportFailed, match=r"find-posts: This is not allowed\..*import:run"):
        await sent(await stack.key("posts:write"), a_comment("a", "/x"))
