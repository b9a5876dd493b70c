"""Exported comments come back as they were: ids, times, states, threads; nothing private among them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.comments.queries import export
from services.migration.comment_files import Format, open_comments
from services.migration.comment_sender import CommentSender
from services.migration.comment_writer import write_comments
from services.migration.report import Report
from tests.databases import Databases
from tests.gateway.reading import assert_problem
from tests.migration.test_comment_sender import Noted
from tests.stack import Stack, running_stack

ADDRESS = "/api/v1/export/comments"
PATHS = ("/one.html", "/two.html")
STATES = ("live", "held", "spam", "removed", "deleted")
START = datetime(2022, 1, 8, 12, tzinfo=UTC)


async def lines(client: httpx.AsyncClient, **params: Any) -> tuple[list[dict[str, Any]], str | None]:
    answer = await client.get(ADDRESS, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()], answer.links.get("next", {}).get("url")


async def exported(stack: Stack, file: Path) -> bytes:
    await write_comments(stack.operator, Noted(), file)
    return _content(file)


def _content(file: Path) -> bytes:
    return file.read_bytes()


async def imported(stack: Stack, file: Path) -> list[str]:
    report = Report()
    await CommentSender(stack.operator, Noted(), report).send(open_comments(file, Format.NDJSON))
    return list(report.lines())


async def test_a_line_says_what_a_comment_is_and_nothing_private(stack: Stack) -> None:
    post = await stack.post(path=PATHS[0])
    first = await stack.comment(post["id"], "At *six*?", author_name="Ann", author_url="https://ann.example/")
    reply = await stack.comment(post["id"], "Yes", parent_id=first["id"])
    gone = {"source_id": "4", "post_id": post["id"], "state": "deleted", "has_place": False}
    told = {"author_name": "Gone", "author_url": "https://gone.example/", "body": "<p>Gone</p>"}
    await stack.imported_comments(
        gone,
        {"source_id": "5", "post_id": post["id"], "state": "deleted", "edited": "2022-01-10T12:00:00.25Z"} | told,
        {"source_id": "6", "post_id": "77", "state": "spam", "parent_source_id": "5"},
    )
    found, link = await lines(stack.operator)
    here = {"post_path": PATHS[0], "post_id": post["id"]}
    said = {"body_format": "text", "state": "live"}
    html = {"body_format": "html", "published": "2022-01-09T12:00:00Z"}
    assert found == [
        {"id": "4", "state": "deleted", "has_place": False} | html | here,
        {"id": "5", "state": "deleted", "edited": "2022-01-10T12:00:00.250000Z"} | html | here,
        {"id": "6", "post_id": "77", "state": "spam", "body": "<p>c</p>"} | html,
        {"id": first["id"], "published": first["published"], "author_name": "Ann", "body": "At *six*?"}
        | {"author_url": "https://ann.example/"}
        | here
        | said,
        {"id": reply["id"], "parent_id": first["id"], "published": reply["published"], "body": "Yes"} | here | said,
    ]
    assert link is None


async def test_pages_lead_on_and_cost_the_same_wherever_they_are(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    post = await stack.post(path=PATHS[0])
    await stack.imported_comments(*({"source_id": str(n), "post_id": post["id"]} for n in range(1, 8)))
    found, link = await lines(stack.operator, limit=3)
    with stack.recorder.recording() as costs:
        more = await stack.operator.get(httpx.URL(ADDRESS).join(link or ""))
    assert costs.calls == ["comments GET /export/comments", "posts POST /paths"]
    assert costs.counts() == {"comments": 2, "posts": 1}
    assert [one["id"] for one in found] == ["1", "2", "3"]
    assert [json.loads(line)["id"] for line in more.text.splitlines()] == ["4", "5", "6"]
    monkeypatch.setattr(export, "MAX_CHARS", len("<p>c</p>") + 1)
    found, link = await lines(stack.operator)
    assert ([one["id"] for one in found], link is None) == (["1"], False)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_who_may_not_and_what_cannot_be_exported(stack: Stack) -> None:
    await stack.comment((await stack.post())["id"])
    assert_problem(await stack.reader.get(ADDRESS), 401, "unauthorized")
    for wrong in ({"cursor": "*"}, {"limit": 0}, {"limit": 1001}):
        assert_problem(await stack.operator.get(ADDRESS, params=wrong), 422, "invalid")
    for service in ("posts", "comments"):
        stack.take_away(service)
        assert_problem(await stack.operator.get(ADDRESS), 503, "unavailable")
        stack.bring_back(service)
    stack.take_away("comments", lambda _request: httpx.Response(200, text="[]\n"))
    assert_problem(await stack.operator.get(ADDRESS), 503, "unavailable")


async def test_an_export_comes_back_to_where_it_was_made(stack: Stack, tmp_path: Path) -> None:
    """What is there is known, whether it was written here or imported; what is missing comes under its parent."""
    post = await stack.post(path=PATHS[0])
    await stack.imported_comments({"source_id": "7", "post_id": post["id"]}, source="blogger:1")
    root = await stack.comment(post["id"])
    file = tmp_path / "comments.ndjson"
    before = await exported(stack, file)
    assert (await imported(stack, file))[0] == "comments: 0 imported, 2 already here, 0 not imported"
    assert await exported(stack, file) == before
    lost = [
        {"source_id": number, "post_id": post["id"], "parent_source_id": parent}
        for number, parent in (("8", "7"), ("9", root["id"]))
    ]
    await stack.imported_comments(*lost, source="ndjson")
    found, _ = await lines(stack.operator)
    assert {one["id"]: one.get("parent_id") for one in found} == {
        "7": None,
        "8": "7",
        "9": root["id"],
        root["id"]: None,
    }


async def test_the_id_of_a_post_counts_for_more_than_its_path(stack: Stack, tmp_path: Path) -> None:
    one, two = await stack.post(path=PATHS[0]), await stack.post(path=PATHS[1])
    file = tmp_path / "comments.ndjson"
    given = [
        {"id": "1", "post_id": one["id"], "post_path": PATHS[1]},
        {"id": "2", "post_id": "77", "post_path": PATHS[1]},
        {"id": "3", "post_id": "78", "post_path": "/nowhere"},
        {"id": "4", "post_id": "79"},
    ]
    file.write_text("".join(json.dumps(line | {"published": "2022-01-10T00:00:00Z"}) + "\n" for line in given))
    report = await imported(stack, file)
    assert report[:4] == [
        "comments: 2 imported, 0 already here, 2 not imported",
        "threads: 2 of 4 belong to a post here",
        "no post with the id 78 or at /nowhere: 1 comment left out",
        "no post with the id 79: 1 comment left out",
    ]
    found, _ = await lines(stack.operator)
    assert [(line["id"], line["post_id"]) for line in found] == [("1", one["id"]), ("2", two["id"])]


Sown = list[dict[str, Any]]


@st.composite
def threads(draw: st.DrawFn) -> Sown:
    """Comments under two posts, in any order of ids and times; those after 64 in a chain stand beside each other."""
    names = st.sampled_from([None, "Ann", "Bo \u0301"])
    found: Sown = []
    for number in draw(st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=12, unique=True)):
        parent = draw(st.none() | st.sampled_from(found)) if found else None
        found.append(
            {
                "source_id": draw(st.sampled_from([str(number), f"x{number}"])),
                "post": parent["post"] if parent else draw(st.sampled_from([0, 1])),
                "parent_source_id": parent and parent["source_id"],
                "state": draw(st.sampled_from(STATES)),
                "author_name": draw(names),
                "author_url": draw(st.sampled_from([None, "https://ann.example/é?q=1"])),
                "body": draw(st.text(max_size=20)),
                "body_format": draw(st.sampled_from(["text", "html"])),
                "published": (START + timedelta(microseconds=draw(st.integers(0, 10**13)))).isoformat(),
                "has_place": draw(st.booleans()),
                "edited": draw(st.none() | st.just("2024-02-29T23:59:59.999999Z")),
            }
        )
    return found


@asynccontextmanager
async def with_posts(databases: Databases, folder: Path) -> AsyncIterator[tuple[Stack, list[str]]]:
    async with running_stack(databases, folder) as stack:
        yield stack, [(await stack.post(path=path))["id"] for path in PATHS]


async def shown(stack: Stack, post_ids: list[str]) -> list[Any]:
    """What readers get of the threads, and what moderators get of the rest."""
    pages = [await stack.reader.get(f"/api/v1/articles/{one}/comments") for one in post_ids]
    return [[page.json()["count"], page.json()["items"]] for page in pages]


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(sown=threads())
async def test_the_round_trip_loses_nothing(databases: Databases, tmp_path: Path, sown: Sown) -> None:
    """Into an empty Dateline with the same posts under other ids, then out again: the same but for those ids."""
    async with with_posts(databases, tmp_path) as (stack, post_ids):
        given = [{name: value for name, value in one.items() if name != "post"} for one in sown]
        await stack.imported_comments(
            *(one | {"post_id": post_ids[of["post"]]} for one, of in zip(given, sown, strict=True))
        )
        first, threads_there = await exported(stack, tmp_path / "first"), await shown(stack, post_ids)
    async with with_posts(databases, tmp_path) as (stack, other_ids):
        report = await imported(stack, tmp_path / "first")
        assert report[0] == f"comments: {len(sown)} imported, 0 already here, 0 not imported"
        second = await exported(stack, tmp_path / "second")
        assert await shown(stack, other_ids) == threads_there
    for was, became in zip(post_ids, other_ids, strict=True):
        second = second.replace(f'"post_id":"{became}"'.encode(), f'"post_id":"{was}"'.encode())
    assert second == first
