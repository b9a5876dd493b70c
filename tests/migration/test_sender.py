"""Exports sent to a whole Dateline: everything arrives, a second time changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from services.migration.blogger import open_export
from services.migration.calls import ImportFailed
from services.migration.demo import demo_export
from services.migration.records import BlogRecord, CommentRecord, Export, Outline, PostRecord
from services.migration.report import Report
from services.migration.sender import COMMENTS_PER_BATCH, POSTS_PER_BATCH, Sender
from tests.stack import Stack

SAMPLES = Path(__file__).parent / "samples"
EXPORTS: dict[str, Callable[[], Export]] = {
    "demo": demo_export,
    "classic": lambda: open_export(SAMPLES / "blogger-classic.xml", None),
    "takeout": lambda: open_export(SAMPLES / "blogger-takeout" / "feed.atom", "old.example"),
}
AT = datetime(2022, 1, 8, 12, tzinfo=UTC)
AFTER_ALL_POSTS = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass
class Noted:
    """Progress as numbers: what was announced, what came."""

    parts: dict[str, list[int]] = field(default_factory=dict)

    def start(self, what: str, total: int | None) -> None:
        self.parts[what] = [total or 0, 0]

    def advance(self, count: int) -> None:
        self.parts[list(self.parts)[-1]][1] += count


@dataclass
class Records:
    """An export out of records."""

    given: list[PostRecord | CommentRecord]

    def outline(self) -> Outline:
        return Outline(
            "test:1", BlogRecord("A Blog"), posts=len(list(self.posts())), comments=len(list(self.comments()))
        )

    def posts(self) -> Iterator[PostRecord]:
        return (one for one in self.given if isinstance(one, PostRecord))

    def comments(self) -> Iterator[CommentRecord]:
        return (one for one in self.given if isinstance(one, CommentRecord))


def a_post(source_id: str, body: str = "<p>b</p>", path: str | None = None) -> PostRecord:
    return PostRecord(source_id, "post", "live", "A Title", body, "html", AT, path=path)


def a_comment(source_id: str, post_id: str, parent: str | None = None) -> CommentRecord:
    return CommentRecord(source_id, post_id, parent, "live", "Ann", None, "Well said.", "text", AT)


async def sent(client: httpx.AsyncClient, export: Export) -> tuple[Report, Noted]:
    report, progress = Report(), Noted()
    await Sender(client, progress, report).send(export)
    return report, progress


@pytest.mark.parametrize("name", EXPORTS)
async def test_export_arrives_whole_and_once(stack: Stack, name: str) -> None:
    export = EXPORTS[name]()
    outline = export.outline()
    report, progress = await sent(stack.operator, export)
    totals = {"posts": outline.posts, "pages": outline.pages, "comments": outline.comments}
    assert {kind: report.outcomes[kind, "created"] for kind in totals} == totals
    assert report.outcomes.total() == sum(totals.values())
    assert progress.parts["posts and pages"] == [outline.posts + outline.pages] * 2
    assert progress.parts["comments"] == [outline.comments] * 2

    again, _ = await sent(stack.operator, EXPORTS[name]())
    assert {kind: again.outcomes[kind, "unchanged"] for kind in totals} == totals
    assert again.outcomes.total() == sum(totals.values())


@pytest.mark.parametrize("name", EXPORTS)
async def test_live_posts_stand_at_their_old_paths(stack: Stack, name: str) -> None:
    stack.clock.now = AFTER_ALL_POSTS
    await sent(stack.operator, EXPORTS[name]())
    live = [post for post in EXPORTS[name]().posts() if post.state == "live" and post.path]
    assert live
    for post in live:
        answer = await stack.reader.get(post.path or "", headers={"Accept": "text/html"})
        assert answer.status_code == 200, post.path
    hidden = [post for post in EXPORTS[name]().posts() if post.state in {"draft", "trashed"} and post.path]
    for post in hidden:
        assert (await stack.reader.get(post.path or "")).status_code == 404, post.path


async def test_demo_threads_arrive_in_their_shape(stack: Stack) -> None:
    stack.clock.now = AFTER_ALL_POSTS
    await sent(stack.operator, demo_export())
    live = [post for post in demo_export().posts() if post.state == "live" and post.comment_policy != "hidden"]
    posts = {post.source_id: post.path or "" for post in live}
    wanted = dict.fromkeys(posts, 0)
    for comment in demo_export().comments():
        wanted[comment.post_source_id] += 1
    for source_id, path in posts.items():
        page = await stack.reader.get(path, headers={"Accept": "text/html"})
        count = wanted[source_id]
        line = "No comments" if count == 0 else "1 comment:" if count == 1 else f"{count} comments:"
        assert line in page.text, source_id


async def test_report_of_a_first_and_a_second_run(stack: Stack) -> None:
    export = Records([a_post("p1"), a_comment("c1", "p1"), a_comment("c2", "p1", "c1")])
    for imported, there in ((1, 0), (0, 1)):
        report, _ = await sent(stack.operator, export)
        assert list(report.lines()) == [
            f"posts: {imported} imported, {there} already here, 0 not imported",
            "pages: 0 imported, 0 already here, 0 not imported",
            f"comments: {2 * imported} imported, {2 * there} already here, 0 not imported",
        ]


async def test_comments_of_refused_posts_are_reported(stack: Stack) -> None:
    export = Records(
        [
            a_post("deep", "<div>" * 1000),
            a_post("fine"),
            a_comment("c1", "deep"),
            a_comment("c2", "fine"),
            a_comment("c3", "never-there"),
        ]
    )
    report, progress = await sent(stack.operator, export)
    lines = list(report.lines())
    assert lines[0] == "posts: 1 imported, 0 already here, 1 not imported"
    assert lines[2] == "comments: 1 imported, 0 already here, 2 not imported"
    assert "  2 comment: its post was not imported (c1, c3)" in lines
    assert any(line.startswith("  1 post: ") and "deeper" in line and line.endswith("(deep)") for line in lines)
    assert progress.parts["comments"] == [3, 3]


async def test_what_was_changed_on_the_way_is_reported(stack: Stack) -> None:
    export = Records([a_post("p1", path="/2022/01/same.html"), a_post("p2", path="/2022/01/same.html")])
    report, _ = await sent(stack.operator, export)
    (line,) = [line for line in report.lines() if line.endswith("(p2)")]
    assert "/2022/01/same.html" in line
    assert report.outcomes["posts", "created"] == 2


async def test_more_than_one_batch_arrives(stack: Stack) -> None:
    """Replies to a comment of an earlier batch find it."""
    posts = [a_post(f"p{number}") for number in range(POSTS_PER_BATCH + 1)]
    first = [a_comment(f"c{number}", "p0") for number in range(COMMENTS_PER_BATCH)]
    report, progress = await sent(stack.operator, Records([*posts, *first, a_comment("reply", "p0", "c0")]))
    assert report.outcomes["posts", "created"] == POSTS_PER_BATCH + 1
    assert report.outcomes["comments", "created"] == COMMENTS_PER_BATCH + 1
    assert report.skipped == []
    assert progress.parts["comments"] == [COMMENTS_PER_BATCH + 1] * 2


async def test_interrupted_import_goes_on(stack: Stack) -> None:
    posts = [a_post(f"p{number}") for number in range(POSTS_PER_BATCH + 1)]
    calls: list[str] = []

    async def fail_at_third(request: httpx.Request) -> None:
        calls.append(request.url.path)
        if len(calls) == 3:
            raise httpx.ReadError("interrupted by a test")

    stack.operator.event_hooks = {"request": [fail_at_third]}
    with pytest.raises(ImportFailed):
        await sent(stack.operator, Records([*posts]))
    stack.operator.event_hooks = {}
    report, _ = await sent(stack.operator, Records([*posts, a_comment("c1", "p0")]))
    assert report.outcomes["posts", "unchanged"] == POSTS_PER_BATCH
    assert report.outcomes["posts", "created"] == report.outcomes["comments", "created"] == 1
