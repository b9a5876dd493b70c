"""Labels: listed with counts, renamed, merged, deleted, for all posts at once."""

from typing import Any

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.gateway.reading import HTML
from tests.posts.editing import acted, article, cost, eventually, listed_ids, patched, read, refused, send
from tests.stack import Stack


async def counts(stack: Stack, **params: Any) -> dict[str, int]:
    return {one["name"]: one["live_count"] for one in (await read(stack, "labels", **params))["items"]}


async def label_id(stack: Stack, name: str) -> str:
    ids = {one["name"]: one["id"] for one in (await read(stack, "labels", unused=True))["items"]}
    found: str = ids[name]
    return found


async def test_labels_are_listed_by_name_with_their_live_posts(stack: Stack) -> None:
    for labels in (["b", "Zoë"], ["b"], ["a c", "b"]):
        await stack.post(labels=labels)
    for hidden in ({"state": "draft"}, {"published": "2026-05-01T00:00:00Z"}, {"kind": "page"}):
        await stack.post(labels=["hidden", "b"], **hidden)
    answer = await stack.reader.get("/api/v1/labels")
    assert answer.status_code == 200
    ordered = [(one["name"], one["live_count"]) for one in answer.json()["items"]]
    assert ordered == [("Zoë", 1), ("a c", 1), ("b", 3)]
    assert answer.json()["next_cursor"] is None

    writer = await stack.key("posts:write")
    refused(await stack.reader.get("/api/v1/labels?unused=true"), 401, "unauthorized")
    refused(await writer.get("/api/v1/labels?unused=true"), 403, "forbidden")
    assert await counts(stack, unused=True) == {"Zoë": 1, "a c": 1, "b": 3, "hidden": 0}


async def test_labels_come_in_pages(stack: Stack) -> None:
    names = ["A", "B", "C", "a", "é", "日本"]
    await stack.post(labels=names[::-1])
    pages, cursor = list[list[str]](), None
    while True:
        page = await read(stack, "labels", limit=2, **({} if cursor is None else {"cursor": cursor}))
        pages.append([one["name"] for one in page["items"]])
        if (cursor := page["next_cursor"]) is None:
            break
    assert pages == [names[:2], names[2:4], names[4:]]
    for wrong in ("cursor=%25", "limit=0", "limit=1001"):
        refused(await stack.reader.get(f"/api/v1/labels?{wrong}"), 422, "invalid")


async def test_a_new_name_is_everywhere_at_once(stack: Stack) -> None:
    post = await stack.post(title="Post", labels=["Old", "X"])
    await stack.post(labels=["Taken"])
    place = f"labels/{await label_id(stack, 'Old')}"
    refused(await send(stack, "PATCH", place, {"name": "Taken"}, tag=None), 409, "conflict")
    assert refused(await send(stack, "PATCH", place, {"name": " "}, tag=None), 422, "invalid") == ["/name"]
    assert refused(await send(stack, "PATCH", place, {"title": "x"}, tag=None), 422, "invalid") == ["/name", "/title"]

    answer = await send(stack, "PATCH", place, {"name": " New \n Name "}, tag=None)
    assert (answer.status_code, answer.json()) == (200, {"id": place[7:], "name": "New Name", "live_count": 1})
    assert (await article(stack, post))["labels"] == ["New Name", "X"]
    page = (await stack.reader.get(post["path"], headers=HTML)).text
    assert "New Name" in page
    assert "Old" not in page
    for found in ({"label": "New Name"}, {"q": 'label:"New Name"'}, {"q": "name"}):
        assert await listed_ids(stack, **found) == [post["id"]], found
    for missed in ({"label": "Old"}, {"q": "label:Old"}, {"q": "old"}):
        assert await listed_ids(stack, **missed) == [], missed
    told = await outbox(stack, "posts", changes)
    assert told[2:] == [
        ("label.renamed", place[7:], 0, ["label:Old", "label:New Name", "name:Old", "name:New Name", "labels"])
    ]
    assert (await send(stack, "PATCH", place, {"name": "New Name"}, tag=None)).status_code == 200
    assert await outbox(stack, "posts", changes) == told


async def test_merging_gives_every_post_the_other_label_once(stack: Stack) -> None:
    both = await stack.post(title="Both", labels=["B", "X", "A"])
    only = await stack.post(title="Only", labels=["X", "A"])
    draft = await stack.post(title="Draft", labels=["A"], state="draft")
    into = await stack.post(title="Into", labels=["B"])
    from_id, into_id = await label_id(stack, "A"), await label_id(stack, "B")
    answer = await send(stack, "POST", f"labels/{from_id}/merge", {"into": into_id}, tag=None)
    assert (answer.status_code, answer.json()) == (200, {"id": into_id, "name": "B", "live_count": 3})

    assert (await article(stack, both))["labels"] == ["B", "X"]
    assert (await article(stack, only))["labels"] == ["X", "B"]
    assert (await read(stack, f"posts/{draft['id']}"))["labels"] == ["B"]
    assert await counts(stack, unused=True) == {"B": 3, "X": 2}
    live = [into["id"], only["id"], both["id"]]
    assert await listed_ids(stack, label="B") == live
    assert await listed_ids(stack, label="A") == await listed_ids(stack, q="label:A") == []

    async def is_found() -> bool:
        return sorted(await listed_ids(stack, q="label:B")) == sorted(live)

    await eventually(is_found)
    assert (await outbox(stack, "posts", changes))[-1] == (
        "label.merged",
        from_id,
        0,
        ["label:A", "label:B", "name:A", "name:B", "labels"],
    )
    await acted(stack, draft, "publish")
    assert await counts(stack) == {"B": 4, "X": 2}


async def test_a_deleted_label_leaves_its_posts(stack: Stack) -> None:
    post = await stack.post(labels=["A", "Gone", "B"])
    gone, kept = await label_id(stack, "Gone"), await label_id(stack, "A")
    answer = await send(stack, "DELETE", f"labels/{gone}", tag=None)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await article(stack, post))["labels"] == ["A", "B"]
    assert await counts(stack, unused=True) == {"A": 1, "B": 1}
    assert (await outbox(stack, "posts", changes))[-1] == (
        "label.deleted",
        gone,
        0,
        ["label:Gone", "name:Gone", "labels"],
    )
    again = await patched(stack, post, labels=["B", "Gone"])
    assert (again["labels"], await counts(stack)) == (["B", "Gone"], {"B": 1, "Gone": 1})

    for method, place, body in (
        ("PATCH", f"labels/{gone}", {"name": "N"}),
        ("POST", f"labels/{gone}/merge", {"into": kept}),
        ("POST", f"labels/{kept}/merge", {"into": gone}),
        ("DELETE", f"labels/{gone}", None),
    ):
        refused(await send(stack, method, place, body, tag=None), 404, "not-found")
    assert await counts(stack, unused=True) == {"A": 0, "B": 1, "Gone": 1}


async def test_labels_are_changed_by_who_may_publish(stack: Stack) -> None:
    await stack.post(labels=["A", "B"])
    one, other = await label_id(stack, "A"), await label_id(stack, "B")
    writer = await stack.key("posts:write")
    for method, place, body in (
        ("PATCH", f"labels/{one}", {"name": "N"}),
        ("POST", f"labels/{one}/merge", {"into": other}),
        ("DELETE", f"labels/{one}", None),
    ):
        refused(await send(stack, method, place, body, tag=None, by=writer), 403, "forbidden")
        refused(await send(stack, method, place, body, tag=None, by=stack.reader), 401, "unauthorized")
    same = await send(stack, "POST", f"labels/{one}/merge", {"into": one}, tag=None)
    assert (same.status_code, same.json()["name"]) == (200, "A")
    assert await counts(stack) == {"A": 1, "B": 1}


async def test_what_labels_cost_whatever_they_are_on(stack: Stack) -> None:
    found = []
    for number in range(2):
        await stack.imported_posts(
            *({"source_id": f"{number}-{n}", "labels": ["A", "B"]} for n in range(1 + 30 * number))
        )
        one, other = await label_id(stack, "A"), await label_id(stack, "B")
        costs = [
            await cost(stack, "GET", "labels"),
            await cost(stack, "PATCH", f"labels/{one}", {"name": "C"}),
            await cost(stack, "POST", f"labels/{one}/merge", {"into": other}),
            await cost(stack, "DELETE", f"labels/{other}", status=204),
        ]
        assert [len(calls) for calls, _ in costs] == [1] * 4
        found.append([queries for _, queries in costs])
    assert found == [[1, 8, 11, 8]] * 2
