"""Searches that go beyond the nearest posts: a stretch of months, then the rest, unless it would take too long."""

from typing import Any

import pytest

from services.posts.queries import gin
from tests.posts.listing import Page, ids, page, search_far, walked
from tests.stack import Stack

POSTS = 60
SLOW = (
    "SELECT docid FROM search_docs WHERE pg_sleep(10) IS NOT NULL AND docid BETWEEN :least AND :end "
    "AND CAST(:match AS text) IS NOT NULL LIMIT :count"
)


@pytest.fixture
async def large(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """One post a fortnight; every tenth bears the rare word, half of them the phrase."""
    search_far(monkeypatch)
    await stack.imported_posts(*(_post(number) for number in range(POSTS)))
    return stack


def _post(number: int) -> dict[str, str]:
    body = "rarely" if number % 10 == 0 else "often"
    tide = "high tide" if number % 2 else "tide is high"
    published = f"20{20 + number // 24}-{1 + number // 2 % 12:02}-{1 + number % 2 * 14:02}T12:00:00Z"
    return {"source_id": str(number), "title": str(number), "body": f"<p>{body} {tide}</p>", "published": published}


def _titles(pages: list[Page]) -> list[str]:
    return [item["title"] for one in pages for item in one["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rarely", range(0, POSTS, 10)),
        ('"high tide"', range(1, POSTS, 2)),
        ("often -rarely", [number for number in range(POSTS) if number % 10]),
        ("nowhere", []),
    ],
)
@pytest.mark.parametrize("order", ["newest", "best"])
async def test_everything_is_found_in_order_both_ways(large: Stack, query: str, found: list[int], order: str) -> None:
    asked: dict[str, Any] = {"q": query, "order": order, "limit": 4}
    onward = await walked(large, "/api/v1/articles", "next_cursor", await page(large, **asked), **asked)
    back = await walked(large, "/api/v1/articles", "previous_cursor", onward[-1], **asked)
    newest_first = [str(number) for number in reversed(found)]
    assert _titles(onward) == newest_first
    assert _titles(back[::-1]) == newest_first


async def test_editors_search_drafts_too(large: Stack) -> None:
    draft = await large.post(title="Draft", body_html="<p>rarely</p>", state="draft")
    found = await page(large, "/api/v1/posts", q="rarely", limit=100)
    assert ids(found)[0] == draft["id"]
    assert len(ids(found)) == 1 + POSTS // 10


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", ['"high tide" often', "often -high", "tide -often -rarely"])
async def test_common_words_are_looked_for_a_stretch_at_a_time(large: Stack, query: str) -> None:
    """Among so many posts no index tells which have both."""
    asked: dict[str, Any] = {"q": query, "limit": 50}
    pages = await walked(large, "/api/v1/articles", "next_cursor", await page(large, **asked), **asked)
    assert len(pages) > 3
    back = await walked(large, "/api/v1/articles", "previous_cursor", pages[-1], **asked)
    assert _titles(back[::-1]) == _titles(pages)


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
async def test_a_search_that_takes_too_long_goes_on_by_its_cursor(
    large: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {"q": '"high tide"', "limit": 20}
    whole = await walked(large, "/api/v1/articles", "next_cursor", await page(large, **asked), **asked)
    with monkeypatch.context() as slow:
        slow.setattr(gin, "_MAX_SEARCH_MS", 50)
        slow.setattr(gin, "_GIN", {False: SLOW, True: SLOW})
        given_up = await page(large, **asked)
        seen = await large.reader.get("/search", params={"q": '"tide high"', "order": "newest"})
    assert 0 < len(given_up["items"]) < 20
    onward = await walked(large, "/api/v1/articles", "next_cursor", given_up, **asked)
    assert _titles(onward) == _titles(whole)
    assert "Nothing was found so far; older articles have not been searched yet." in seen.text
    assert 'rel="next"' in seen.text
