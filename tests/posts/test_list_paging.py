"""Lists are walked both ways: every post once, in one order, whatever is published meanwhile."""

import struct
from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from services.common.cursors import NumberCursor, encode_bytes
from tests.posts.listing import ARTICLES, POSTS, Page, ids, page, walked
from tests.stack import Stack

AT_ONCE = [f"2022-01-08T12:00:00{micros}Z" for micros in (".000001", ".000001", ".000001", "", "", "", "")]
MOMENTS = [
    *AT_ONCE,
    "2022-01-08T11:59:59.999999Z",
    *["1969-07-20T20:17:00Z"] * 2,
    "2022-01-08T12:00:01Z",
    "1970-01-01T00:00Z",
]
BY_TIME = "11 3 2 1 7 6 5 4 8 12 10 9".split()
BY_SECOND = "11 7 6 5 4 3 2 1 8 12 10 9".split()
"""Equal ones by their ids. The search index tells seconds apart, other lists microseconds."""

LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "all": (ARTICLES, {}),
    "of a label": (ARTICLES, {"label": "L"}),
    "of a year": (ARTICLES, {"year": "2022"}),
    "of an author": (ARTICLES, {"author": "Ann"}),
    "newest found": (ARTICLES, {"q": "harbor"}),
    "best found": (ARTICLES, {"q": "harbor", "order": "best"}),
    "of editors": (POSTS, {}),
}


async def filled(stack: Stack) -> dict[str, tuple[str, dict[str, str]]]:
    """Twelve posts that all lists have; those lists, with the author's id."""
    blank = {"labels": ["L"], "author": {"source_id": "a", "name": "Ann"}, "title": "Harbor"}
    await stack.imported_posts(
        *(blank | {"source_id": str(n), "published": moment} for n, moment in enumerate(MOMENTS, 1))
    )
    who = (await page(stack))["items"][0]["author"]["id"]
    return {
        name: (path, {key: who if key == "author" else value for key, value in params.items()})
        for name, (path, params) in LISTS.items()
    }


async def test_every_post_comes_once_in_both_directions(stack: Stack) -> None:
    for name, (path, params) in (await filled(stack)).items():
        expected = BY_TIME if name in ("all", "of a label") else BY_TIME[:9] if name == "of a year" else BY_SECOND
        for limit in (1, 5, 12) if name == "best found" else (5,):
            start = await page(stack, path, limit=limit, **params)
            forth = await walked(stack, path, "next_cursor", start, limit=limit, **params)
            assert [one for found in forth for one in ids(found)] == expected, name
            assert all(len(found["items"]) == limit for found in forth[:-1])
            assert (forth[0]["previous_cursor"], forth[-1]["next_cursor"]) == (None, None)
            back = await walked(stack, path, "previous_cursor", forth[-1], limit=limit, **params)
            assert [one for found in reversed(back) for one in ids(found)] == expected, name
            assert [ids(found) for found in reversed(back)] == [ids(found) for found in forth]


async def turned(stack: Stack, params: Mapping[str, Any], found: Page, turn: str) -> Page:
    return await page(stack, limit=2, cursor=found[turn], **params)


@pytest.mark.parametrize("name", ["all", "of a label", "best found"])
async def test_pages_stay_where_they_are_while_posts_come_and_go(stack: Stack, name: str) -> None:
    _, params = LISTS[name]
    blank = {"labels": ["L"], "title": "Harbor"}
    days = ({"source_id": str(n), "published": f"2022-01-0{n}T00:00:00Z"} for n in range(1, 8))
    await stack.imported_posts(*(blank | day for day in days))

    first = await page(stack, limit=2, **params)
    second = await turned(stack, params, first, "next_cursor")
    await stack.imported_posts(
        blank | {"source_id": "20", "published": "2022-01-09T00:00:00Z"},
        blank | {"source_id": "21", "published": "2022-01-01T12:00:00Z"},
    )
    for gone in ("4", "6"):  # the rows that cursors name
        await stack.operator.delete(f"{POSTS}/{gone}", headers={"If-Match": "*"})
    third = await turned(stack, params, second, "next_cursor")
    fourth = await turned(stack, params, third, "next_cursor")
    assert [ids(one) for one in (first, second, third, fourth)] == [["7", "6"], ["5", "4"], ["3", "2"], ["21", "1"]]

    assert fourth["next_cursor"] is None
    back = await walked(stack, ARTICLES, "previous_cursor", fourth, limit=2, **params)
    assert [ids(one) for one in back] == [["21", "1"], ["3", "2"], ["7", "5"], ["20"]]
    assert (back[-1]["previous_cursor"], ids(await page(stack, limit=1, **params))) == (None, ["20"])


async def test_cursors_of_other_lists_do_no_harm(stack: Stack) -> None:
    made = await filled(stack)
    lists = {name: made[name] for name in ("all", "of a label", "newest found", "best found")}
    cursors: dict[str, str] = {}
    for name, (path, params) in lists.items():
        second = await page(
            stack, path, limit=4, **params, cursor=(await page(stack, path, limit=4, **params))["next_cursor"]
        )
        cursors |= {f"{name} {turn}": second[f"{turn}_cursor"] for turn in ("next", "previous")}
    assert None not in cursors.values()
    refused = 0
    for (name, (path, params)), (of, cursor) in ((one, other) for one in lists.items() for other in cursors.items()):
        answer = await stack.operator.get(path, params=params | {"cursor": cursor, "limit": "3"})
        assert answer.status_code in (200, 422), (name, of)
        assert answer.status_code == 200 or not of.startswith(name)
        refused += answer.status_code == 422
    assert refused == 16  # places in time are none in the index, and the reverse


async def test_places_at_the_edge_of_numbers_do_no_harm(stack: Stack) -> None:
    await stack.post(title="Harbor", labels=["L"])
    shown = 0
    for number, is_back in product((2**63 - 1, 0, -(2**63)), (False, True)):
        index = [NumberCursor(number, is_back, group).encode() for group in (0, 255)]
        time = [encode_bytes(struct.pack(">qq?", at, number, is_back)) for at in (number,)]
        asked = [
            *({"q": "harbor", "order": order, "cursor": cursor} for order in ("newest", "best") for cursor in index),
            *({"cursor": cursor} | label for label in ({}, {"label": "L"}) for cursor in time),
        ]
        for params in asked:
            answer = await stack.reader.get(ARTICLES, params=params)
            assert answer.status_code in (200, 422), (number, is_back, params)
            shown += len(answer.json().get("items", ()))
    assert shown > 0
