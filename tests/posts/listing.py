"""Asks for lists as readers and editors do, a page after the other, and changes posts between two looks."""

from typing import Any

import pytest

from services.posts.queries import fts5, gin
from tests.stack import Stack

ARTICLES = "/api/v1/articles"
POSTS = "/api/v1/posts"

Page = dict[str, Any]


async def page(stack: Stack, path: str = ARTICLES, **params: Any) -> Page:
    answer = await stack.operator.get(path, params=params)
    assert answer.status_code == 200, f"{params}: {answer.text}"
    found: Page = answer.json()
    return found


def ids(found: Page) -> list[str]:
    return [item["id"] for item in found["items"]]


async def found(stack: Stack, q: str, **params: Any) -> list[str]:
    """The ids of what a search finds."""
    return ids(await page(stack, q=q, limit=100, **params))


async def titles(stack: Stack, q: str, **params: Any) -> list[str]:
    return [item["title"] for item in (await page(stack, q=q, limit=100, **params))["items"]]


async def walked(stack: Stack, path: str, turn: str, start: Page, **params: Any) -> list[Page]:
    """The start and all pages that follow it; `turn` names the cursor: next_cursor or previous_cursor."""
    pages = [start]
    while (cursor := pages[-1][turn]) is not None:
        pages.append(await page(stack, path, cursor=cursor, **params))
        assert len(pages) <= 200, "a walk without an end"
    return pages


async def edit(stack: Stack, post_id: str, **given: Any) -> None:
    answer = await stack.operator.patch(f"{POSTS}/{post_id}", json=given, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def put_through(stack: Stack, post_id: str, step: str) -> None:
    """`publish`, `revert`, `trash` or `restore`."""
    answer = await stack.operator.post(f"{POSTS}/{post_id}/{step}", headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def set_blog(stack: Stack, **given: Any) -> None:
    answer = await stack.operator.patch("/api/v1/blog", json=given, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


async def author(stack: Stack, name: str) -> str:
    """The id of a new author."""
    answer = await stack.operator.post("/api/v1/authors", json={"name": name})
    assert answer.status_code == 201, answer.text
    author_id: str = answer.json()["id"]
    return author_id


async def label_id(stack: Stack, name: str) -> str:
    labels = (await stack.operator.get("/api/v1/labels", params={"unused": "true"})).json()["items"]
    (one,) = (label["id"] for label in labels if label["name"] == name)
    return str(one)


def search_far(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes an archive of some dozens of posts a large one to searches."""
    monkeypatch.setattr(gin, "_NEAR", 3)
    monkeypatch.setattr(gin, "_STRETCH", 10)
    monkeypatch.setattr(fts5, "_STRETCH", 10)
    monkeypatch.setattr(fts5, "_COMMON", 4)
