"""The search index follows every change of posts, labels and authors: what was written is found at once."""

import asyncio
from datetime import timedelta
from typing import Any

from services.posts.commands.index_owed import index_owed
from tests.gateway.inside import database, publish_what_is_due
from tests.posts.listing import POSTS, author, edit, found, label_id, page, put_through
from tests.stack import Stack


async def assert_found(stack: Stack, wanted: dict[str, str | None]) -> None:
    """Which one post each query finds."""
    for query, post_id in wanted.items():
        assert await found(stack, query) == ([] if post_id is None else [post_id]), query
    assert await found(stack, query, order="best") == ([] if post_id is None else [post_id])


async def test_what_is_edited_is_found_by_its_new_words_alone(stack: Stack) -> None:
    ann, bo = [await author(stack, name) for name in ("Annabel", "Boris")]
    one = (await stack.post(title="Harbor", body_html="<p>ferry</p>", labels=["Tide"], author_id=ann))["id"]
    await assert_found(stack, dict.fromkeys(["label:Tide", "harbor ferry tide annabel"], one))

    await edit(stack, one, title="Wharf", body_html="<p>barge</p>", labels=["Moon"], author_id=bo)
    await assert_found(stack, dict.fromkeys(["label:Moon", "wharf barge moon boris"], one))
    await assert_found(stack, dict.fromkeys(["harbor", "ferry", "tide", "label:Tide", "annabel"]))

    steps: list[tuple[dict[str, Any], str, str]] = [
        ({"title": "Quay"}, "wharf", "quay barge moon boris"),
        ({"labels": []}, "moon", "quay barge boris"),
        ({"author_id": None}, "boris", "quay barge"),
        ({"body_markdown": "a *raft*"}, "barge", "quay raft"),
    ]
    for given, gone, left in steps:
        await edit(stack, one, **given)
        await assert_found(stack, {gone: None, left: one})
    revisions = (await stack.operator.get(f"{POSTS}/{one}/revisions")).json()["items"]
    first = f"{POSTS}/{one}/revisions/{revisions[-1]['version']}/restore"
    assert (await stack.operator.post(first, headers={"If-Match": "*"})).status_code == 200
    await assert_found(stack, {"harbor ferry tide": one, "quay": None})


async def test_what_leaves_the_blog_leaves_the_index_and_comes_back(stack: Stack) -> None:
    one = (await stack.post(title="Harbor"))["id"]
    states = {"revert": "draft", "publish": "live", "trash": "trashed", "restore": "live"}
    await assert_found(stack, {"harbor": one})
    for step, state in states.items():
        await put_through(stack, one, step)
        await assert_found(stack, {"harbor": one if state == "live" else None})
        editors = await page(stack, POSTS, q="harbor", state=["draft", "scheduled", "live", "trashed"])
        assert [item["state"] for item in editors["items"]] == [state]
    deleted = await stack.operator.delete(f"{POSTS}/{one}", headers={"If-Match": "*"})
    assert deleted.status_code == 204
    await assert_found(stack, {"harbor": None})
    assert await found(stack, "harbor", state=["live", "trashed"]) == []
    again = (await stack.post(title="Harbor"))["id"]
    await assert_found(stack, {"harbor": again})


async def test_what_is_due_is_found_when_it_is_live(stack: Stack) -> None:
    await stack.imported_posts(
        {"source_id": "1", "title": "Harbor", "published": "2026-03-15T00:00:00Z", "labels": ["Tide"]},
        {"source_id": "2", "title": "Harbor page", "published": "2026-03-15T00:00:00Z", "kind": "page"},
    )
    await assert_found(stack, dict.fromkeys(["harbor", "b", "tide"]))
    stack.clock.now += timedelta(days=1)
    await publish_what_is_due(stack)
    await assert_found(stack, {"harbor": "1", "b harbor tide": "1", "page": None})
    assert await found(stack, "", author="1") == []


async def test_a_new_date_moves_a_post_in_the_order(stack: Stack) -> None:
    """The three stand in one second, two of them want one place: their ids differ by what the index leaves out."""
    at_once = "2022-01-08T12:00:00Z"
    ids = ["7", str(7 + 2**22), str(7 + 2**23)]
    await stack.imported_posts(*({"source_id": one, "title": "Harbor", "published": at_once} for one in ids))
    assert await found(stack, "harbor") == ids[::-1]
    for one in ids:
        await edit(stack, one, body_html="<p>barge</p>")
    assert sorted(await found(stack, "barge harbor")) == sorted(ids)
    for n, one in enumerate(ids):
        await edit(stack, one, published=f"2022-01-0{3 - n}T12:00:00Z")
        assert sorted(await found(stack, "harbor")) == sorted(ids)
    assert await found(stack, "harbor") == await found(stack, "", year=2022, month=1) == ids


async def test_renamed_labels_and_authors_are_found_by_their_new_names_at_once(stack: Stack) -> None:
    who = await author(stack, "Annabel Lee")
    one = (await stack.post(title="Harbor", labels=["High Tide"], author_id=who))["id"]
    await assert_found(stack, dict.fromkeys(["tide", "annabel", 'label:"High Tide"', "-moon"], one))
    await assert_found(stack, dict.fromkeys(["moon", 'label:"New Moon"', "boris", "-tide"]))

    tide = await label_id(stack, "High Tide")
    answer = await stack.operator.patch(f"/api/v1/labels/{tide}", json={"name": "New Moon"})
    assert answer.status_code == 200
    answer = await stack.operator.patch(f"/api/v1/authors/{who}", json={"name": "Boris"}, headers={"If-Match": "*"})
    assert answer.status_code == 200
    await assert_found(stack, dict.fromkeys(["moon", 'label:"New Moon"', "boris", "-tide", "harbor moon boris"], one))
    await assert_found(stack, dict.fromkeys(["tide", 'label:"High Tide"', "annabel", "lee", "-moon", "high"]))
    assert await found(stack, "", label="New Moon") == await found(stack, "harbor", label="New Moon") == [one]


async def test_merged_and_deleted_labels_are_followed_by_a_job(stack: Stack) -> None:
    first = (await stack.post(title="First", labels=["Tide"]))["id"]
    both = (await stack.post(title="Both", labels=["Moon", "Tide"]))["id"]
    assert set(await found(stack, "label:Tide")) == {first, both}
    tide, moon = [await label_id(stack, name) for name in ("Tide", "Moon")]
    answer = await stack.operator.post(f"/api/v1/labels/{tide}/merge", json={"into": moon})
    assert answer.status_code == 200
    await work_off(stack)
    for query in ("label:Moon", "moon"):
        assert set(await found(stack, query)) == {first, both}
    await assert_found(stack, dict.fromkeys(["label:Tide", "tide", "-moon"]) | {"moon -both": first})

    await stack.operator.delete(f"/api/v1/labels/{moon}")
    await work_off(stack)
    await assert_found(stack, dict.fromkeys(["label:Moon", "moon"]) | {"-label:Moon first": first})
    await stack.post(title="New", labels=["Moon"])
    assert len(await found(stack, "moon")) == 1


async def work_off(stack: Stack) -> None:
    """The job does it by itself, every other second."""
    async with asyncio.timeout(10):
        while await index_owed(database(stack, "posts")):
            pass


async def test_a_very_long_post_is_found_by_its_beginning(stack: Stack) -> None:
    body = "<p>firstword of many " + "long rope " * 99_990 + "lastword</p>"
    long = await stack.post(title="Long", body_html=body, published="2024-01-02T00:00:00Z")
    short = await stack.post(
        title="Short", body_html="<p>" + "lots " * 14_900 + " lastword</p>", published="2023-01-02T00:00:00Z"
    )
    assert len(body) > 990_000
    await assert_found(stack, {'"firstword of many"': long["id"], "lastword": short["id"], "lastword rope": None})
    (item,) = (await page(stack, q="firstword"))["items"]
    assert "".join(one["text"] for one in item["snippet"]).startswith("firstword of many long rope")
    await edit(stack, long["id"], body_html="<p>brief</p>")
    await assert_found(stack, {"firstword": None, "brief": long["id"]})
