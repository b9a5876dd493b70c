"""What a large request costs is not for everybody to spend."""

import pytest

from tests.stack import Stack

LARGE = b"[" + b"{}," * 100_000 + b"{}]"
ADDRESS = "/api/v1/import/posts"


@pytest.mark.parametrize("key", [None, "junk", "dl_0123456789ab_" + "0" * 64 + "_00000000"])
async def test_large_bodies_are_not_read_without_a_valid_key(stack: Stack, key: str | None) -> None:
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Authorization": f"Bearer {key}"})
    answer = await stack.reader.post(ADDRESS, content=LARGE, headers=headers)
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_large_bodies_are_read_with_a_valid_key(stack: Stack) -> None:
    client = await stack.key("import:run")
    answer = await client.post(ADDRESS, content=LARGE, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


async def test_addresses_too_long_for_upstream_are_not_there(stack: Stack) -> None:
    for path in ("/" + "%ff" * 13_000, "/" + "a" * 30_000, "/api/v1/articles/by-path?path=" + "%ff" * 13_000):
        with stack.recorder.recording() as costs:
            answer = await stack.reader.get(path)
        assert answer.status_code == 404
        assert costs.calls == []


async def test_parent_that_is_not_shown_is_not_named(stack: Stack) -> None:
    written = await stack.post()
    spam, live = {"source_id": "70001", "state": "spam"}, {"source_id": "70002", "parent_source_id": "70001"}
    await stack.imported_comments(spam | {"post_id": written["id"]}, live | {"post_id": written["id"]})
    answer = await stack.reader.get(f"/api/v1/articles/{written['id']}")
    assert [item["id"] for item in answer.json()["comments"]["items"]] == ["70002"]
    assert "70001" not in answer.text


async def test_the_address_of_what_was_written_is_its_writers(stack: Stack) -> None:
    """Readers have none for a draft, and another for what is live."""
    body = {"title": "T", "body_html": "x"}
    draft = await stack.operator.post("/api/v1/posts", json=body | {"state": "draft"})
    live = await stack.operator.post("/api/v1/posts", json=body)
    for answer in (draft, live):
        location = answer.headers["Location"]
        assert location == f"/api/v1/posts/{answer.json()['id']}"
        assert (await stack.operator.get(location)).json() == answer.json()
        assert (await stack.reader.get(location)).status_code == 401
    assert (draft.json()["path"], draft.json()["url"]) == (None, None)
    assert (await stack.reader.get(f"/api/v1/articles/{draft.json()['id']}")).status_code == 404
    assert (await stack.reader.get(f"/api/v1/articles/{live.json()['id']}")).status_code == 200
