"""Publishing, taking back and publishing again: states, dates, paths, counts, the outbox, and who sees what."""

from services.posts.tables import changes
from tests.gateway.inside import outbox
from tests.posts.editing import acted, cost, is_shown, listed_ids, patched, read, refused, send, tag_of
from tests.stack import NOW, PUBLIC_URL, Stack


async def test_a_draft_is_published_now(stack: Stack) -> None:
    draft = await stack.post(title="Now", state="draft", labels=["L"])
    assert not await is_shown(stack, draft)
    tag = await tag_of(stack, f"posts/{draft['id']}")
    answer = await send(stack, "POST", f"posts/{draft['id']}/publish")

    assert answer.status_code == 200
    live = answer.json()
    assert (live["state"], live["path"], live["version"]) == ("live", "/2026/03/now.html", 2)
    assert live["url"] == PUBLIC_URL + live["path"]
    assert live["published"].startswith(f"{NOW:%Y-%m-%dT%H:%M}")
    assert live["updated"] == draft["updated"]
    assert answer.headers["ETag"] == await tag_of(stack, f"posts/{draft['id']}") != tag
    assert (await stack.reader.get(live["path"])).status_code == 200
    assert await listed_ids(stack) == await listed_ids(stack, label="L") == [draft["id"]]
    assert (await read(stack, f"posts/{draft['id']}/revisions"))["items"] == []


async def test_a_draft_is_published_at_its_own_date_or_at_a_given_one(stack: Stack) -> None:
    for own, given, published, path in (
        ("2024-02-03T00:00:00Z", None, "2024-02-03T00:00:00Z", "/2024/02/a-title.html"),
        ("2024-02-03T00:00:00Z", "2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z", "/2023/12/a-title.html"),
        (None, "2024-05-06T00:00:00Z", "2024-05-06T00:00:00Z", "/2024/05/a-title.html"),
    ):
        draft = await stack.post(state="draft", published=own)
        assert draft["path"] is None
        live = await acted(stack, draft, "publish", {"published": given} if given else {})
        assert (live["state"], live["published"], live["path"]) == ("live", published, path)


async def test_a_patch_publishes_too(stack: Stack) -> None:
    draft = await stack.post(title="Patched", state="draft")
    live = await patched(stack, draft, state="live", title="Now Titled")
    assert (live["state"], live["path"]) == ("live", "/2026/03/now-titled.html")
    assert (await patched(stack, live, state="draft"))["state"] == "draft"
    refused(await send(stack, "PATCH", f"posts/{draft['id']}", {"state": "live", "published": "x"}), 422, "invalid")
    assert not await is_shown(stack, draft)


async def test_a_time_to_come_schedules(stack: Stack) -> None:
    for ahead in ({"published": "2026-06-01T00:00:00Z"}, {"published": "2026-05-31T23:00:00-01:00"}):
        draft = await stack.post(title="Ahead", state="draft")
        due = await acted(stack, draft, "publish", ahead)
        assert (due["state"], due["published"]) == ("scheduled", "2026-06-01T00:00:00Z")
        assert not await is_shown(stack, due)
        assert (await stack.reader.get(due["path"])).status_code == 404
        brought_forward = await acted(stack, due, "publish", {"published": "2026-03-01T00:00:00Z"})
        assert brought_forward["state"] == "live"
        assert await is_shown(stack, due)
        put_off = await acted(stack, due, "publish", ahead)
        assert (put_off["state"], put_off["path"]) == ("scheduled", brought_forward["path"])
        assert not await is_shown(stack, due)
    for wrong in ({"published": "soon"}, {"at": "2026-06-01T00:00:00Z"}):
        assert refused(await send(stack, "POST", f"posts/{due['id']}/publish", wrong), 422, "invalid")


async def test_a_post_taken_back_keeps_path_and_date(stack: Stack) -> None:
    live = await stack.post(title="First", labels=["L"], published="2024-02-03T00:00:00Z")
    draft = await acted(stack, live, "revert")
    kept = ("path", "url", "published", "updated", "labels")
    assert [draft[name] for name in kept] == [live[name] for name in kept]
    assert (draft["state"], draft["version"]) == ("draft", 2)
    assert not await is_shown(stack, live)
    assert (await stack.reader.get(live["path"])).status_code == 404
    assert await listed_ids(stack) == await listed_ids(stack, label="L") == []
    same_path = await stack.operator.post("/api/v1/posts", json={"title": "T", "body_html": "x", "path": live["path"]})
    assert refused(same_path, 409, "conflict") == ["/path"]

    await patched(stack, draft, title="Another Title", published="2025-07-08T00:00:00Z")
    again = await acted(stack, draft, "publish")
    assert (again["path"], again["published"]) == (live["path"], "2025-07-08T00:00:00Z")
    assert await listed_ids(stack, label="L") == [live["id"]]


async def test_the_outbox_tells_what_happened(stack: Stack) -> None:
    post = await stack.post(state="draft", labels=["L"])
    for action, body in (
        ("publish", {"published": "2026-05-01T00:00:00Z"}),
        ("publish", {"published": "2026-03-01T00:00:00Z"}),
        ("publish", None),
        ("publish", {"published": "2026-02-01T00:00:00Z"}),
        ("revert", None),
        ("revert", None),
        ("trash", None),
        ("trash", None),
        ("restore", None),
    ):
        await acted(stack, post, action, body)
    alone = [f"post:{post['id']}"]
    listed = [*alone, "list", "label:L"]  # only what lists show, or showed, touches them
    kinds = ("created", "scheduled", "published", "changed", "reverted", "trashed", "restored")
    touched = (alone, alone, listed, listed, listed, alone, alone)
    assert await outbox(stack, "posts", changes) == [
        (f"post.{kind}", post["id"], version, touches)
        for version, (kind, touches) in enumerate(zip(kinds, touched, strict=True), start=1)
    ]


async def test_what_publishing_costs(stack: Stack) -> None:
    found = []
    for given in ({}, {"labels": [f"L{number}" for number in range(20)]}):
        draft = await stack.post(state="draft", **given)
        costs = [await cost(stack, "POST", f"posts/{draft['id']}/{one}") for one in ("publish", "revert", "publish")]
        assert [calls for calls, _ in costs] == [
            [f"posts POST /posts/{draft['id']}/{one}"] for one in ("publish", "revert", "publish")
        ]
        found.append([queries for _, queries in costs])
    assert found == [[18, 16, 16], [20, 18, 18]]
