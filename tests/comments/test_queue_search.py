"""Finding comments in the moderators' queue: what is found, in which order, and that it is bounded work."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import update

from services.comments.queries import queue as queue_queries
from services.comments.tables import comments
from services.common.database import Writes
from tests.comments.test_moderation import QUEUE, decided, queue
from tests.gateway.inside import database
from tests.gateway.reading import assert_problem
from tests.gateway.test_costs import file_of, plan
from tests.stack import Stack

NEAR, FAR = "near-hash-0000001", "far-hash-00000002"
SEARCHES: Sequence[Mapping[str, Any]] = [
    {},
    {"q": "knot"},
    {"author_name": "Ann"},
    {"author_name": "Ann", "q": "knot"},
    {"address": NEAR},
    {"address": NEAR, "author_name": "Ann"},
    {"q": "nowhere"},
    {"before": "2022-01-20T12:00:00Z", "after": "2022-01-05T12:00:00Z"},
    {"before": "2022-01-20T12:00:00Z", "after": "2022-01-05T12:00:00Z", "q": "knot"},
]


def _day(number: int) -> str:
    return f"2022-01-{number:02}T12:00:00Z"


async def _ids(stack: Stack, **params: Any) -> list[int]:
    return [int(one["id"]) for one in await queue(stack, **params)]


async def _from_addresses(stack: Stack, hashes: Mapping[int, str]) -> None:
    async def work(writes: Writes) -> None:
        for comment_id, address in hashes.items():
            await writes.execute(update(comments).where(comments.c.id == comment_id).values(address_hash=address))

    await database(stack, "comments").write(work)


async def _thirty(stack: Stack) -> str:
    """Of one post, held, one a day: each third about knots, each second by Ann, each fifth from near."""
    post_id: str = (await stack.post())["id"]
    held = [
        {
            "source_id": f"{number}",
            "post_id": post_id,
            "state": "held",
            "published": _day(number),
            "body": "<p>A KNOT</p>" if number % 3 == 0 else "<p>A bend</p>",
            "author_name": "Bo" if number % 2 else "Ann",
        }
        for number in range(1, 31)
    ]
    await stack.imported_comments(*held)
    await _from_addresses(stack, {number: FAR if number % 5 else NEAR for number in range(1, 31)})
    return post_id


def _expected(search: Mapping[str, Any]) -> list[int]:
    return [
        number
        for number in range(30, 0, -1)
        if ("q" not in search or (search["q"] == "knot" and number % 3 == 0))
        and ("author_name" not in search or number % 2 == 0)
        and ("address" not in search or number % 5 == 0)
        and ("before" not in search or 5 <= number < 20)
    ]


async def test_words_are_found_in_text_name_and_website(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    said: list[dict[str, Any]] = [
        {"body": "A Sheet BEND is\nno knot"},
        {"author_name": "Ünal Bender"},
        {"author_url": "https://bend.example/"},
        {"body": "100% _of_ it"},
    ]
    await stack.imported_comments(
        *({"source_id": f"{at}", "post_id": post_id, "state": "held"} | one for at, one in enumerate(said, 1))
    )
    assert await _ids(stack, q="bend") == [3, 2, 1]
    for asked, found in (("sheet bend", [1]), ("ÜNAL", [2]), ("100%", [4]), ("_of_", [4]), ("%", [4]), ("bend_", [])):
        assert await _ids(stack, q=asked) == found, asked
    assert await _ids(stack, q=" ") == await _ids(stack) == [4, 3, 2, 1]
    assert await _ids(stack, q="bend", state="live") == []
    await decided(stack, "approve", "2")
    (bender,) = await queue(stack, q="bend", state="live")
    assert (bender["id"], bender["edited"], bender["votes"], bender["address_hash"]) == ("2", None, 0, None)


@pytest.mark.parametrize("walked", [2_000, 4])
async def test_everything_is_found_in_order_both_ways(
    stack: Stack, walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However few comments are looked at for a page."""
    monkeypatch.setattr(queue_queries, "MAX_WALKED", walked)
    post_id = await _thirty(stack)
    for search in SEARCHES:
        for asked in (search, {**search, "post_id": post_id}):
            onward = await _walked(stack, "next_cursor", {"limit": 3, **asked})
            assert [number for page in onward for number in page["ids"]] == _expected(search), asked
            back = await _walked(stack, "previous_cursor", {"limit": 3, **asked}, start=onward[-1])
            before_last = [number for page in back[:0:-1] for number in page["ids"]]
            assert onward[-1]["previous_cursor"] is None or before_last == _expected(search)[: len(before_last)], asked
            if walked == 2_000 and len(onward) > 1:
                assert before_last == [number for page in onward[:-1] for number in page["ids"]], asked


async def _walked(
    stack: Stack, turn: str, params: dict[str, Any], start: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    pages = [start or await _page(stack, params)]
    while pages[-1][turn] is not None:
        pages.append(await _page(stack, params | {"cursor": pages[-1][turn]}))
    return pages


async def _page(stack: Stack, params: dict[str, Any]) -> dict[str, Any]:
    answer = await stack.operator.get(QUEUE, params=params)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page | {"ids": [int(one["id"]) for one in page["items"]]}


async def test_a_search_that_stops_on_its_way_goes_on(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three queries a page: what is looked at, what of it is told, and the decisions about these."""
    monkeypatch.setattr(queue_queries, "MAX_WALKED", 10)
    await _thirty(stack)
    with stack.recorder.recording() as costs:
        first = await _page(stack, {"q": "knot", "before": _day(9)})
    assert (first["ids"], first["next_cursor"]) == ([6, 3], None)
    assert costs.counts()["comments"] == 3
    empty = await _page(stack, {"q": "nowhere"})
    assert (empty["ids"], empty["previous_cursor"]) == ([], None)
    assert empty["next_cursor"] is not None
    assert [page["ids"] for page in await _walked(stack, "next_cursor", {"q": "nowhere"})] == [[], [], [], []]


async def test_an_address_is_the_same_for_what_came_from_there(stack: Stack) -> None:
    await _thirty(stack)
    assert [one["address_hash"] for one in await queue(stack, limit=6)] == [NEAR, FAR, FAR, FAR, FAR, NEAR]
    await decided(stack, "spam", "30")
    assert await _ids(stack, address=NEAR) == [25, 20, 15, 10, 5]
    assert await _ids(stack, address=NEAR, state="spam") == [30]
    assert await _ids(stack, address="unknown") == []


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"q": "x" * 201}, "q"),
        ({"q": "a\0b"}, "q"),
        ({"address": "x" * 101}, "address"),
        ({"before": "yesterday"}, "before"),
        ({"after": "2022-01-08T12:00:00"}, "after"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_is_no_search_is_refused(stack: Stack, params: dict[str, str], parameter: str) -> None:
    answer = await stack.operator.get(QUEUE, params=params)
    assert_problem(answer, 422, "invalid")
    assert answer.json()["errors"][0]["parameter"] == parameter


INDEXES = {
    "": "comments_by_state",
    "post_id": "comments_of_post_by_state",
    "author_name": "comments_by_name",
    "address": "comments_by_address",
}


AGES: Sequence[Mapping[str, str]] = [{}, {"before": _day(29)}, {"before": _day(29), "after": _day(2)}]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # PostgreSQL takes what it likes for thirty rows
async def test_each_search_follows_an_index_from_its_place(stack: Stack) -> None:
    """No search sorts a state or begins at its newest comment: where it starts and where it ends stand in the index."""
    post_id = await _thirty(stack)
    lists = {"post_id": post_id, "author_name": "Ann", "address": NEAR}
    for name, index in INDEXES.items():
        for more in (*AGES, *({"q": "a", **age} for age in AGES)):
            asked: dict[str, Any] = {"limit": 2, **({name: lists[name]} if name else {}), **more}
            first = await _page(stack, asked)
            second = await _page(stack, asked | {"cursor": first["next_cursor"]})
            for turn in ({}, {"cursor": first["next_cursor"]}, {"cursor": second["previous_cursor"]}):
                with stack.recorder.recording() as costs:
                    await _page(stack, asked | turn)
                lines = await _plan(stack, costs.queries["comments"][0])
                assert f"{index} " in lines, (asked, lines)
                assert not re.search("sort|b-tree|filter", lines), (asked, lines)
                is_back = turn != {} and turn["cursor"] == second["previous_cursor"]
                above, below = is_back or "after" in more, "before" in more or (turn != {} and not is_back)
                bounds = {">": above, "<": below}
                assert {sign: sign in lines.replace("->", "") for sign in bounds} == bounds, (asked, lines)


async def _plan(stack: Stack, statement: str) -> str:
    """In lower case; PostgreSQL would read so small a table as a whole, unless told not to."""
    service = database(stack, "comments")
    if service.engines()[0].dialect.name == "sqlite":
        return " ".join(plan(file_of(stack, "comments"), statement)).lower()
    async with service.read() as reads:
        for kind in ("seqscan", "sort", "bitmapscan", "incremental_sort"):
            await reads.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
        for step in ("SET LOCAL plan_cache_mode = force_generic_plan", f"PREPARE asked AS {statement}"):
            await reads.exec_driver_sql(step)
        nothing = ", ".join(["NULL"] * len(set(re.findall(r"\$\d+", statement))))
        rows = await reads.exec_driver_sql(f"EXPLAIN EXECUTE asked({nothing})")
        lines = " ".join(rows.scalars()).lower()
        await reads.exec_driver_sql("DEALLOCATE asked")
        return lines
