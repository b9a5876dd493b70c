"""Who may change a post that somebody else may have changed: entity tags, scopes, editors at the same time."""

import asyncio
from typing import Any

from tests.posts.editing import acted, done, patched, read, recording, refused, send, tag_of
from tests.stack import Stack

CHANGES: tuple[tuple[str, str, Any], ...] = (
    ("PUT", "", {"title": "T", "body_html": "x"}),
    ("PATCH", "", {"title": "T"}),
    ("PUT", "/related-links", {"related_links": []}),
    ("POST", "/publish", None),
    ("POST", "/publish", {"published": "2024-01-01T00:00:00Z"}),
    ("POST", "/revert", None),
    ("POST", "/trash", None),
    ("POST", "/revisions/1/restore", None),
    ("DELETE", "", None),
)


async def test_every_change_needs_the_tag_of_the_version_it_changes(stack: Stack) -> None:
    post = await stack.post()
    place = f"posts/{post['id']}"
    old = await tag_of(stack, place)
    await patched(stack, post, title="Else")
    present = await tag_of(stack, place)
    for method, more, body in CHANGES:
        refused(await send(stack, method, place + more, body, tag=None), 428, "precondition-required")
        for tag in (old, f"W/{present}", f'{old}, W/{present}, "x"', present.strip('"'), "", '"é"'):
            refused(await send(stack, method, place + more, body, tag=tag), 412, "precondition-failed")
    assert (await read(stack, place))["title"] == "Else"
    for number, tag in enumerate((present, "*", "list", "weak and strong")):
        now = await tag_of(stack, place)
        sent = {"list": f'"other", {now}', "weak and strong": f"W/{old} , {now}"}.get(tag, tag)
        answer = await send(stack, "PATCH", place, {"title": f"Number {number}"}, tag=sent)
        assert (answer.status_code, answer.json()["title"]) == (200, f"Number {number}")


async def test_the_trash_asks_for_the_tag_too(stack: Stack) -> None:
    post = await stack.post()
    place = f"posts/{post['id']}/restore"
    old = await tag_of(stack, place)
    await acted(stack, post, "trash")
    refused(await send(stack, "POST", place, tag=None), 428, "precondition-required")
    refused(await send(stack, "POST", place, tag=old), 412, "precondition-failed")
    assert (await acted(stack, post, "restore"))["state"] == "live"


async def test_of_editors_at_once_one_wins(stack: Stack) -> None:
    post = await stack.post(labels=["A"])
    place = f"posts/{post['id']}"
    tag = await tag_of(stack, place)
    sent = [send(stack, "PATCH", place, {"title": f"By {one}", "labels": [f"L{one}"]}, tag=tag) for one in range(6)]
    answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    won = next(answer for answer in answers if answer.status_code == 200)
    after = await stack.operator.get(f"/api/v1/{place}")
    assert (after.json(), after.headers["ETag"]) == (won.json(), won.headers["ETag"])
    assert after.json()["version"] == 2
    assert len((await read(stack, f"{place}/revisions"))["items"]) == 1
    labels = (await read(stack, "labels", unused=True))["items"]
    assert {one["name"]: one["live_count"] for one in labels} == {"A": 0, after.json()["labels"][0]: 1}

    sent = [send(stack, "POST", f"{place}/{action}", tag=won.headers["ETag"]) for action in ("trash", "revert")]
    assert sorted(answer.status_code for answer in await asyncio.gather(*sent)) == [200, 412]


async def test_a_label_that_is_renamed_merged_or_deleted_makes_a_new_tag(stack: Stack) -> None:
    post = await stack.post(labels=["A", "B"])
    other = await stack.post(labels=["C"])
    place, seen = f"posts/{post['id']}", list[str]()
    ids = {one["name"]: one["id"] for one in (await read(stack, "labels"))["items"]}
    kept = await tag_of(stack, f"posts/{other['id']}")
    for method, label, body in (
        ("PATCH", f"labels/{ids['A']}", {"name": "Z"}),
        ("POST", f"labels/{ids['B']}/merge", {"into": ids["C"]}),
        ("DELETE", f"labels/{ids['A']}", None),
    ):
        seen.append(await tag_of(stack, place))
        assert (await send(stack, method, label, body, tag=None)).status_code in {200, 204}
        refused(await send(stack, "PATCH", place, {"title": "T"}, tag=seen[-1]), 412, "precondition-failed")
    seen.append(await tag_of(stack, place))
    assert len(set(seen)) == 4
    assert (await read(stack, place))["labels"] == ["C"]
    assert await tag_of(stack, f"posts/{other['id']}") == kept


async def test_what_readers_see_takes_the_scope_to_publish(stack: Stack) -> None:
    writer, reader = await stack.key("posts:write"), await stack.key("posts:read-drafts")
    for public in (await stack.post(), await stack.post(published="2026-05-01T00:00:00Z")):
        for method, more, body in CHANGES:
            refused(await send(stack, method, f"posts/{public['id']}{more}", body, by=writer), 403, "forbidden")
    draft = await stack.post(state="draft")
    place = f"posts/{draft['id']}"
    for method, more, body in CHANGES:
        refused(await send(stack, method, place + more, body, by=reader), 403, "forbidden")
        refused(await send(stack, method, place + more, body, by=stack.reader), 401, "unauthorized")
    for more, body in (("", {"state": "live"}), ("", {"state": "live", "published": "2026-05-01T00:00:00Z"})):
        refused(await send(stack, "PATCH", place + more, body, by=writer), 403, "forbidden")
    refused(await send(stack, "POST", f"{place}/publish", by=writer), 403, "forbidden")
    assert (await read(stack, place))["version"] == 1
    answer = await send(stack, "PATCH", place, {"title": "Theirs"}, by=writer)
    assert (answer.status_code, answer.json()["title"]) == (200, "Theirs")
    assert (await done(stack, "PATCH", place, {"state": "live"}))["state"] == "live"
    trashed = await acted(stack, draft, "trash")
    refused(await send(stack, "POST", f"posts/{trashed['id']}/restore", by=writer), 403, "forbidden")


async def test_what_the_gateway_can_refuse_itself_reaches_no_service(stack: Stack) -> None:
    post = await stack.post()
    with recording(stack) as costs:
        for method, more, body in CHANGES:
            refused(
                await send(stack, method, f"posts/{post['id']}{more}", body, by=stack.reader, tag="*"),
                401,
                "unauthorized",
            )
        refused(await send(stack, "PATCH", f"posts/{post['id']}", {"nope": 1}, tag="*"), 422, "invalid")
    assert (costs.calls, costs.counts()) == ([], {"posts": 0, "comments": 0})
