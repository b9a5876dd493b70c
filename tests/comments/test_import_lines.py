"""Comments as lines: an export goes back in as it came out, with the limits and answers of a batch."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.comments.schemas.comment_lines import MAX_LINES
from tests.databases import Databases
from tests.gateway.reading import assert_problem
from tests.stack import Stack, running_stack

IMPORT = "/api/v1/import/comments"
EXPORT = "/api/v1/export/comments"
LINES = {"Content-Type": "application/x-ndjson"}


async def sent(stack: Stack, content: bytes | AsyncIterator[bytes], **params: str) -> httpx.Response:
    return await stack.operator.post(IMPORT, content=content, headers=LINES, params=params)


def line(number: int, post_id: str, **more: Any) -> bytes:
    said = {"id": number, "post_id": post_id, "published": "2022-01-09T12:00:00Z"} | more
    return json.dumps(said).encode() + b"\n"


async def shown(stack: Stack, post_id: str) -> Any:
    found = (await stack.reader.get(f"/api/v1/articles/{post_id}/comments")).json()
    return found["count"], found["items"]


async def test_an_export_goes_back_in_unchanged(databases: Databases, tmp_path: Path) -> None:
    """Ids, times, states and threads, though a reply stands before what it answers; again it changes nothing."""
    async with running_stack(databases, tmp_path) as stack:
        post_id = (await stack.post())["id"]
        top = {"source_id": "9", "post_id": post_id, "author_name": "Ann", "edited": "2022-02-01T00:00:00.25Z"}
        states = ("held", "spam", "removed", "deleted", "live")
        replies = [{"source_id": f"{n}", "state": state} for n, state in enumerate(states, 1)]
        gone = {"source_id": "8", "post_id": post_id, "state": "deleted"}
        below = {"source_id": "7", "post_id": post_id, "parent_source_id": "8"}
        await stack.imported_comments(top, gone, below, *(one | top | one for one in replies))
        await stack.imported_comments({"source_id": "6", "post_id": post_id, "parent_source_id": "9"})
        exported, before = (await stack.operator.get(EXPORT)).content, await shown(stack, post_id)
        again = await sent(stack, exported)
        assert {one["outcome"] for one in again.json()["results"]} == {"unchanged"}
    async with running_stack(databases, tmp_path) as stack:
        answer = await sent(stack, exported.removesuffix(b"\n"))
        assert answer.status_code == 200, answer.text
        results = answer.json()["results"]
        assert [one["source_id"] for one in results] == [json.loads(one)["id"] for one in exported.splitlines()]
        assert {(one["outcome"], *one["notes"]) for one in results} == {("created",)}
        assert all(one["id"] == one["source_id"] for one in results)
        came = [json.loads(one) for one in (await stack.operator.get(EXPORT)).content.splitlines()]
    wanted = [json.loads(one) for one in exported.splitlines()]
    assert came == [{name: value for name, value in one.items() if name != "post_path"} for one in wanted]
    assert before[0] == 4


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_lines_may_come_in_any_pieces_and_one_that_is_wrong_refuses_all(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    whole = line(2, post_id, parent_id=1, body="Two") + b"\r\n" + line(1, post_id, body="<b>One")

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(whole), 7):
            yield whole[start : start + 7]

    answer = await sent(stack, pieces(), source="elsewhere")
    assert [one["outcome"] for one in answer.json()["results"]] == ["created"] * 2, answer.text
    items = (await shown(stack, post_id))[1]
    assert [(one["id"], one["parent_id"]) for one in items] == [("1", None), ("2", "1")]
    for number, (content, status, pointer) in enumerate(
        (
            (line(5, post_id) + b"{", 400, None),
            (line(5, post_id) + b"[]", 422, "/1"),
            (line(5, post_id) + line(6, "x"), 422, "/1/post_id"),
            (line(5, post_id, state="approved"), 422, "/0/state"),
            (line(5, post_id, more=1), 422, "/0/more"),
            (b'{"id": true}', 422, "/0/id"),
            (b"".join(line(n, post_id) for n in range(10, MAX_LINES + 11)), 422, ""),
        )
    ):
        refused = await sent(stack, content)
        assert_problem(refused, status, "invalid" if status == 422 else "bad-request")
        if pointer is not None:
            assert refused.json()["errors"][0]["pointer"] == pointer, number
    assert (await shown(stack, post_id))[0] == 2
    ring = await sent(stack, line(20, post_id, parent_id=21) + line(21, post_id, parent_id=20))
    assert [one["outcome"] for one in ring.json()["results"]] == ["created"] * 2
    assert (await sent(stack, b"")).json() == {"results": []}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_who_may_not_and_what_is_not_taken(stack: Stack) -> None:
    for client, status in ((stack.reader, 401), (await stack.key("posts:write"), 403)):
        answer = await client.post(IMPORT, content=line(1, "5"), headers=LINES)
        assert answer.status_code == status
    assert_problem(await sent(stack, line(1, "5"), source="no such name"), 422, "invalid")
    assert_problem(
        await stack.operator.post(IMPORT, content=b"{}", headers={"Content-Type": "text/plain"}),
        415,
        "unsupported-media-type",
    )
    long = b"".join(line(n, "5", body="x" * 70_000) for n in range(3))
    assert (await sent(stack, long)).json()["results"][0]["outcome"] == "refused"
    too_long = await stack.reader.post(IMPORT, content=long, headers=LINES)
    assert too_long.status_code in {401, 413}
    stack.take_away("comments")
    assert_problem(await sent(stack, line(1, "5")), 503, "unavailable")
