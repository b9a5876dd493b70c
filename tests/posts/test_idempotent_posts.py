"""A post that is sent again with the same Idempotency-Key is written once."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from tests.posts.editing import cost, deleted, patched, read, recording, refused
from tests.security.inside import everything_stored
from tests.stack import Stack

GIVEN = {"title": "Once", "body_html": "<p>Text</p>", "labels": ["L"]}


async def sent(client: httpx.AsyncClient, key: str, **given: Any) -> httpx.Response:
    return await client.post("/api/v1/posts", json=GIVEN | given, headers={b"Idempotency-Key": key.encode()})


async def post_count(stack: Stack) -> int:
    states = ["draft", "scheduled", "live", "trashed"]
    return len((await read(stack, "posts", state=states, limit=100))["items"])


async def test_a_repeat_gets_the_first_answer_and_writes_nothing(stack: Stack) -> None:
    first = await sent(stack.operator, "k1")
    assert first.status_code == 201
    stored = await everything_stored(stack, "posts")
    again = await sent(stack.operator, "k1")
    for part in ("ETag", "Location", "Content-Type"):
        assert again.headers[part] == first.headers[part]
    assert (again.status_code, again.content) == (201, first.content)
    assert await everything_stored(stack, "posts") == stored

    await patched(stack, first.json(), title="Changed since")
    changed = await sent(stack.operator, "k1")
    assert (changed.status_code, changed.json()["id"]) == (201, first.json()["id"])
    assert changed.json()["title"] == "Changed since", "what is there, not what was"
    other = await sent(stack.operator, "k2")
    assert other.json()["id"] != first.json()["id"]
    assert (await stack.post(**GIVEN))["id"] not in {first.json()["id"], other.json()["id"]}
    assert await post_count(stack) == 3


async def test_a_key_stands_for_one_request(stack: Stack) -> None:
    first = await sent(stack.operator, "k")
    others: tuple[dict[str, Any], ...] = ({"title": "Twice"}, {"labels": []}, {"state": "draft"})
    for other in others:
        refused(await sent(stack.operator, "k", **other), 422, "invalid")
    assert (await sent(stack.operator, "k")).json() == first.json()
    for wrong in ("", "a b", "é", "x" * 256):
        refused(await sent(stack.operator, wrong), 422, "invalid")
    assert await post_count(stack) == 1


async def test_of_repeats_at_once_one_writes(stack: Stack) -> None:
    answers = await asyncio.gather(*(sent(stack.operator, "k") for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.content for answer in answers}) == 1
    assert await post_count(stack) == 1
    mixed = await asyncio.gather(*(sent(stack.operator, "m", title=f"T{number % 2}") for number in range(6)))
    assert sorted(answer.status_code for answer in mixed) == [201] * 3 + [422] * 3
    assert await post_count(stack) == 2


async def test_keys_of_others_are_others(stack: Stack) -> None:
    callers = [
        stack.operator,
        await stack.key("posts:write", "posts:publish"),
        await stack.key("posts:write", "posts:publish"),
    ]
    answers = [await sent(caller, "same") for caller in callers]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 3
    again = [await sent(caller, "same") for caller in callers]
    assert [answer.content for answer in again] == [answer.content for answer in answers]
    assert (await sent(callers[1], "same", title="Else")).status_code == 422


async def test_what_failed_may_be_tried_again(stack: Stack) -> None:
    taken = await stack.post(path="/taken.html")
    assert refused(await sent(stack.operator, "k", path="/taken.html"), 409, "conflict") == ["/path"]
    assert refused(await sent(stack.operator, "k", path="/taken.html"), 409, "conflict") == ["/path"]
    assert await post_count(stack) == 1
    await deleted(stack, f"posts/{taken['id']}")
    written = await sent(stack.operator, "k", path="/taken.html")
    assert (written.status_code, written.json()["path"]) == (201, "/taken.html")
    assert (await sent(stack.operator, "k", path="/taken.html")).content == written.content
    assert refused(await sent(stack.operator, "k2", author_id="1"), 422, "invalid") == ["/author_id"]
    assert (await sent(stack.operator, "k2")).status_code == 201


async def test_a_key_without_the_scope_learns_nothing(stack: Stack) -> None:
    reader = await stack.key("posts:read-drafts")
    refused(await sent(reader, "k"), 403, "forbidden")
    refused(await sent(stack.reader, "k"), 401, "unauthorized")
    assert await post_count(stack) == 0


async def test_what_a_key_costs(stack: Stack) -> None:
    calls, without = await cost(stack, "POST", "posts", {"title": "None", "body_html": "x"}, status=201)
    assert calls == ["posts POST /posts"]
    found = []
    for _ in range(2):
        stack.clock.now += timedelta(minutes=1)
        with recording(stack) as costs:
            assert (await sent(stack.operator, "k", labels=[])).status_code == 201
        assert costs.calls == calls
        found.append(costs.counts()["posts"])
    assert (without, found) == (14, [16, 5])
