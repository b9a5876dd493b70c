"""The trash: what it hides, what it keeps, and where a post goes that is taken out of it."""

from datetime import timedelta
from typing import Any

from tests.posts.editing import acted, cost, is_shown, listed_ids, patched, read, refused, send
from tests.stack import Stack


async def test_a_trashed_post_is_hidden_and_comes_back_as_it_was(stack: Stack) -> None:
    live = await stack.post(title="Kept", labels=["L"], published="2024-02-03T00:00:00Z")
    trashed = await acted(stack, live, "trash")
    assert (trashed["state"], trashed["version"]) == ("trashed", 2)
    assert trashed["trashed"].startswith("2026-03-14T15:09")
    assert not await is_shown(stack, live)
    assert (await stack.reader.get(live["path"])).status_code == 404
    assert await listed_ids(stack) == await listed_ids(stack, label="L") == await listed_ids(stack, q="kept") == []
    assert (await read(stack, "archive"))["years"] == []
    assert [one["id"] for one in (await read(stack, "posts"))["items"]] == []
    assert [one["id"] for one in (await read(stack, "posts", state="trashed"))["items"]] == [live["id"]]
    taken = await stack.operator.post("/api/v1/posts", json={"title": "T", "body_html": "x", "path": live["path"]})
    assert refused(taken, 409, "conflict") == ["/path"]

    restored = await acted(stack, live, "restore")
    assert restored == live | {"version": 3}
    assert await listed_ids(stack) == await listed_ids(stack, label="L") == await listed_ids(stack, q="kept")
    assert (await stack.reader.get(live["path"])).status_code == 200
    assert (await read(stack, "archive"))["years"][0]["count"] == 1


async def test_a_draft_comes_back_as_a_draft(stack: Stack) -> None:
    draft = await stack.post(state="draft")
    await acted(stack, draft, "trash")
    assert await acted(stack, draft, "restore") == draft | {"version": 3}


async def test_a_scheduled_post_comes_back_in_time_or_as_a_draft(stack: Stack) -> None:
    early = await stack.post(title="Early", published="2026-03-20T00:00:00Z")
    late = await stack.post(title="Late", published="2026-03-20T00:00:00Z")
    for post in (early, late):
        await acted(stack, post, "trash")
    assert (await acted(stack, early, "restore"))["state"] == "scheduled"
    stack.clock.now += timedelta(days=10)
    back = await acted(stack, late, "restore")
    assert (back["state"], back["path"], back["published"]) == ("draft", late["path"], late["published"])
    assert not await is_shown(stack, late)


async def test_nothing_in_the_trash_is_edited(stack: Stack) -> None:
    post = await stack.post()
    place = f"posts/{post['id']}"
    await patched(stack, post, title="Else")
    edits: tuple[tuple[str, str, Any], ...] = (
        ("PATCH", "", {"title": "T"}),
        ("PUT", "", {"title": "T", "body_html": "x"}),
        ("PUT", "/related-links", {"related_links": []}),
        ("POST", "/publish", None),
        ("POST", "/revert", None),
        ("POST", "/revisions/1/restore", None),
    )
    trashed = await acted(stack, post, "trash")
    for method, more, body in edits:
        refused(await send(stack, method, place + more, body), 409, "conflict")
    assert await read(stack, place) == trashed
    assert await acted(stack, post, "trash") == trashed
    await acted(stack, post, "restore")
    refused(await send(stack, "POST", f"{place}/restore"), 409, "conflict")
    for method, more, body in edits:
        assert (await send(stack, method, place + more, body)).status_code == 200, more


async def test_what_the_trash_costs(stack: Stack) -> None:
    found = []
    for given in ({}, {"labels": [f"L{number}" for number in range(20)]}):
        place = f"posts/{(await stack.post(**given))['id']}"
        costs = [await cost(stack, "POST", f"{place}/{action}") for action in ("trash", "restore")]
        assert [calls for calls, _ in costs] == [[f"posts POST /{place}/trash"], [f"posts POST /{place}/restore"]]
        found.append([queries for _, queries in costs])
    assert found == [[16, 16], [18, 18]]
