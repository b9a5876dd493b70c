"""Values at the far ends of what their types hold: refused or shown, never a failure, nor one for the pages after."""

import random
from typing import Any, Final

import pytest

from tests.security.surfaces import HTML
from tests.security.things import article
from tests.stack import Stack

DATES: Final = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00",
]
_chosen = random.Random(1)  # noqa: S311 names for a test, the same each time
INCOMPRESSIBLE: Final = "".join(chr(_chosen.randrange(0x4E00, 0x9FFF)) for _ in range(1000))


async def _import(stack: Stack, kind: str, /, **item: Any) -> int:
    answer = await stack.operator.post(f"/api/v1/import/{kind}", json={"source": "x", kind: [item]})
    return answer.status_code


def _post(source_id: str, **given: Any) -> dict[str, Any]:
    blank: dict[str, Any] = {"kind": "post", "state": "live", "title": "T", "body": "b", "body_format": "html"}
    return {"source_id": source_id, "published": "2022-01-08T12:00:00Z"} | blank | given


async def _assert_pages_answer(stack: Stack, article_id: str) -> None:
    listed = await stack.reader.get("/api/v1/articles", params={"limit": 100})
    assert listed.status_code == 200
    shown = await stack.reader.get(f"/api/v1/articles/{article_id}")
    assert shown.status_code == 200
    for path in ("/", shown.json()["path"], *(one["path"] for one in listed.json()["items"])):
        assert (await stack.reader.get(path, headers=HTML)).status_code == 200, path


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_far_dates_fail_nothing(stack: Stack, zone: str) -> None:
    """In a zone before UTC and one behind it."""
    article_id = await article(stack)
    await stack.operator.post("/api/v1/import/blog", json={"title": "B", "time_zone": zone})
    said: dict[str, Any] = {"post_id": article_id, "state": "live", "body": "c", "body_format": "text"}
    statuses: dict[tuple[str, str], int] = {}
    for at, date in enumerate(DATES):
        new_post = {"title": "x", "body_html": "x", "published": date}
        statuses["post", date] = (await stack.operator.post("/api/v1/posts", json=new_post)).status_code
        statuses["imported", date] = await _import(stack, "posts", **_post(str(at + 1), published=date, updated=date))
        statuses["comment", date] = await _import(stack, "comments", source_id=str(at + 1), published=date, **said)
        new_key = {"scopes": ["posts:write"], "expires": date}
        statuses["key", date] = (await stack.operator.post("/api/v1/keys", json=new_key)).status_code
    assert {place: status for place, status in statuses.items() if status >= 500} == {}
    await _assert_pages_answer(stack, article_id)


async def test_far_lengths_fail_nothing(stack: Stack) -> None:
    """What fills an index, a statement or a page: an import file may hold it, and its other posts go in."""
    article_id = await article(stack)
    long_path = {"title": "x", "body_html": "x", "path": f"/{INCOMPRESSIBLE}"}
    statuses = {
        "path": (await stack.operator.post("/api/v1/posts", json=long_path)).status_code,
        "imported path": await _import(stack, "posts", **_post("1", path=f"/{INCOMPRESSIBLE[::-1]}")),
        "long label": await _import(stack, "posts", **_post("2", labels=[INCOMPRESSIBLE])),
        "many labels": await _import(stack, "posts", **_post("3", labels=[f"l{at}" for at in range(600)])),
        "long author": await _import(stack, "posts", **_post("4", author={"source_id": "a", "name": INCOMPRESSIBLE})),
        "long key": (
            await stack.client({"Authorization": "Bearer " + "x" * 7000}).post("/api/v1/keys", json={})
        ).status_code,
        "long address": (await stack.reader.get("/" + "a" * 9000)).status_code,
        "long query": (await stack.reader.get("/", params={"cursor": "a" * 9000})).status_code,
    }
    assert {place: status for place, status in statuses.items() if status >= 500} == {}
    await _assert_pages_answer(stack, article_id)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_ids_out_of_range_are_refused(stack: Stack) -> None:
    fullwidth = "\uff10\uff11"
    for wrong in ("0", "-1", "9223372036854775808", "9" * 400, "1e3", fullwidth, "1 ", "0x1", "1.0"):
        for address in (f"/api/v1/articles/{wrong}", f"/api/v1/articles/{wrong}/comments"):
            assert (await stack.reader.get(address)).status_code == 422
        sent = [
            await stack.reader.post(f"/api/v1/articles/{wrong}/comments", json={"body": "x"}),
            await stack.reader.post(f"/articles/{wrong}/comments", data={"body": "x"}),
        ]
        assert [answer.status_code for answer in sent] == [422, 422]
    assert (await stack.reader.get("/api/v1/articles/9223372036854775807")).status_code == 404, "the control"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_deep_html_is_refused(stack: Stack) -> None:
    """The control is nested less and stays."""
    for depth, status in ((10, 201), (100_000, 422)):
        new = {"title": "Deep", "body_html": "<div>" * depth}
        answer = await stack.operator.post("/api/v1/posts", json=new)
        assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == "/body_html"
    imported = {"source": "x", "posts": [_post("1", body="<div>" * 100_000)]}
    [result] = (await stack.operator.post("/api/v1/import/posts", json=imported)).json()["results"]
    assert result["outcome"] == "refused"
    quoted = await stack.reader.post(f"/api/v1/articles/{await article(stack)}/comments", json={"body": "> " * 2500})
    assert quoted.status_code in {201, 422}
