"""Many writers at once: nobody waits for a lock that another holds for good, and all are told apart."""

import asyncio

import pytest

from tests.stack import Stack


async def test_one_authors_posts_are_written_at_once(stack: Stack) -> None:
    author = (await stack.operator.post("/api/v1/authors", json={"name": "Ann"})).json()
    shared = {"author_id": author["id"], "labels": ["A", "B", "C"]}
    written = await asyncio.gather(*(stack.post(title=f"P{n}", **shared) for n in range(8)))
    assert len({one["path"] for one in written}) == 8
    assert (await stack.reader.get(f"/api/v1/authors/{author['id']}")).json()["live_count"] == 8
    labels = (await stack.reader.get("/api/v1/labels")).json()["items"]
    assert {label["name"]: label["live_count"] for label in labels} == {"A": 8, "B": 8, "C": 8}


async def test_same_title_at_once_gets_different_paths(stack: Stack) -> None:
    written = await asyncio.gather(*(stack.post(title="Same") for _ in range(6)))
    assert len({one["path"] for one in written}) == 6


async def test_new_labels_made_at_once_are_one_each(stack: Stack) -> None:
    names = [f"L{n}" for n in range(6)]
    await asyncio.gather(*(stack.post(labels=[*names[at:], *names[:at]]) for at in range(6)))
    labels = (await stack.reader.get("/api/v1/labels")).json()["items"]
    assert [(label["name"], label["live_count"]) for label in labels] == [(name, 6) for name in names]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_deleted_post_is_not_brought_back(stack: Stack) -> None:
    """By the next run of its import, nor by the key that it was made with."""
    (imported,) = await stack.imported_posts({"source_id": "a", "path": "/2022/01/a.html"})
    key = {"Idempotency-Key": "once"}
    body = {"title": "Made", "body_html": "<p>Secret</p>"}
    made = (await stack.operator.post("/api/v1/posts", json=body, headers=key)).json()
    assert (await stack.operator.post("/api/v1/posts", json=body, headers=key)).json() == made
    for post_id in (imported["id"], made["id"]):
        gone = await stack.operator.delete(f"/api/v1/posts/{post_id}", headers={"If-Match": "*"})
        assert gone.status_code == 204
    again = await stack.operator.post("/api/v1/posts", json=body, headers=key)
    assert (again.status_code, "Secret" in again.text) == (404, False)
    (result,) = await stack.imported_posts({"source_id": "a", "path": "/2022/01/a.html"})
    assert (result["outcome"], result["notes"]) == ("refused", ["it was deleted here after an earlier import"])
    assert (await stack.reader.get("/2022/01/a.html")).status_code == 404
    (other,) = await stack.imported_posts({"source_id": "b", "path": "/2022/01/a.html"})
    assert other["path"] == "/2022/01/a.html"


async def test_what_was_public_is_not_deleted_without_the_right_to_publish(stack: Stack) -> None:
    writer = await stack.key("posts:write", "posts:read-drafts")
    match = {"If-Match": "*"}
    for way in (["trash"], ["revert"], ["revert", "trash"]):
        post = await stack.post()
        address = f"/api/v1/posts/{post['id']}"
        for step in way:
            assert (await stack.operator.post(f"{address}/{step}", headers=match)).status_code == 200
        assert (await writer.delete(address, headers=match)).status_code == 403, way
    draft = await stack.post(state="draft")
    assert (await writer.delete(f"/api/v1/posts/{draft['id']}", headers=match)).status_code == 204


async def test_path_that_nobody_knew_is_free_again(stack: Stack) -> None:
    draft = await stack.post(state="draft", path="/one")
    moved = await stack.operator.patch(f"/api/v1/posts/{draft['id']}", json={"path": "/two"}, headers={"If-Match": "*"})
    assert moved.json()["path"] == "/two"
    assert (await stack.post(path="/one"))["path"] == "/one"
    live = await stack.post(path="/three")
    await stack.operator.patch(f"/api/v1/posts/{live['id']}", json={"path": "/four"}, headers={"If-Match": "*"})
    taken = await stack.operator.post("/api/v1/posts", json={"title": "T", "body_html": "b", "path": "/three"})
    assert taken.status_code == 409


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "url",
    ["http://a\u0001b.example", "http://a\u0000b", "http://a\"b'", "http://a%20b", "ftp://x", "http://", "http://[x]"],
)
async def test_public_url_is_a_host_that_can_be_asked_for(stack: Stack, url: str) -> None:
    refused = await stack.operator.patch("/api/v1/blog", json={"public_url": url}, headers={"If-Match": "*"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/public_url"
    fine = await stack.operator.patch(
        "/api/v1/blog", json={"public_url": "https://Bücher.example"}, headers={"If-Match": "*"}
    )
    assert fine.json()["public_url"] == "https://xn--bcher-kva.example"
