"""Pages of a thread in both orders: each comment once, sub-threads whole, from wherever a page begins."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import event, insert, select, text

from services.comments.domain.thread_cursor import ThreadCursor
from services.comments.domain.thread_order import place
from services.comments.queries.thread_pages import ShownComment
from services.comments.tables import comments as comments_table
from services.common.database import Writes
from tests.comments.following import service
from tests.gateway.inside import database
from tests.stack import NOW, Stack

ORDERS = ("oldest", "newest")
Tree = dict[str, tuple[str | None, str]]
"""Comments by id, as they were published: what each answers, and its state."""
_SAID = {
    "state": "live",
    "has_place": 1,
    "version": 1,
    "body_html": "<p>b</p>",
    "body_source": "b",
    "body_format": "text",
    "policy_version": 1,
    "reasons": "[]",
}
_chosen = random.Random(7)  # noqa: S311 a tree for a test, the same each time


def a_tree(size: int) -> Tree:
    """Some are top comments, the others answer any earlier one."""
    states = ["live", "live", "live", "deleted", "held", "spam"]
    tree: Tree = {}
    for number in range(1, size + 1):
        parent = _chosen.choice([None, *tree]) if number > 4 else None
        tree[str(number)] = (parent, _chosen.choice(states) if number > 1 else "live")
    return tree


def told(tree: Tree, order: str, parent: str | None = None) -> list[str]:
    """The ids of what is shown in the order of reading."""
    answers = [one for one, (answered, _) in tree.items() if answered == parent]
    if parent is None and order == "newest":
        answers.reverse()
    found = []
    for one in answers:
        found += [one] if tree[one][1] in {"live", "deleted"} else []
        found += told(tree, order, one)
    return found


async def planted(stack: Stack, tree: Tree) -> str:
    """Every second one is published at the time of the one before: ids part them."""
    post_id: str = (await stack.post())["id"]
    await stack.imported_comments(
        *(
            {
                "source_id": one,
                "post_id": post_id,
                "parent_source_id": parent,
                "state": state,
                "published": f"2022-02-01T00:{int(one) // 2:02}:00Z",
            }
            for one, (parent, state) in tree.items()
        )
    )
    return post_id


async def page(comments: httpx.AsyncClient, post_id: str, **params: Any) -> dict[str, Any]:
    answer = await comments.get(f"/threads/{post_id}", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [ShownComment(*item).id for item in found["items"]]


async def test_pages_of_any_size_give_every_comment_once_in_either_order(stack: Stack) -> None:
    tree = a_tree(24)
    post_id = await planted(stack, tree)
    async with service(stack, "comments") as comments:
        for order in ORDERS:
            expected = told(tree, order)
            assert len(expected) > 10
            for size in (1, 2, 3, 5, len(expected) - 1, len(expected), 200):
                found, cursor = list[str](), dict[str, str]()
                for _turn in range(len(expected)):
                    one = await page(comments, post_id, order=order, limit=size, **cursor)
                    found += ids(one)
                    assert one["cursor"] == cursor.get("cursor")
                    if one["next_cursor"] is None:
                        break
                    assert len(one["items"]) == size
                    cursor = {"cursor": one["next_cursor"]}
                assert found == expected, (order, size)


async def cursor_of(stack: Stack, comment_id: str) -> str:
    """As its writer is told it."""
    query = select(comments_table.c.order_key).where(comments_table.c.id == int(comment_id))
    async with database(stack, "comments").read() as reads:
        return ThreadCursor((await reads.execute(query)).scalar_one()).encode()


async def test_a_cursor_names_one_place_in_both_orders(stack: Stack) -> None:
    """A comment's own begins with it; one that was given with the other order goes on after the same comment."""
    tree = a_tree(15)
    post_id = await planted(stack, tree)
    async with service(stack, "comments") as comments:
        whole = {order: await page(comments, post_id, order=order) for order in ORDERS}
        for order in ORDERS:
            expected = ids(whole[order])
            for one in ids(whole["oldest"]):
                at = expected.index(one)
                from_it = await page(comments, post_id, order=order, cursor=await cursor_of(stack, one), limit=3)
                assert ids(from_it) == expected[at : at + 3]
            for size in range(1, len(expected)):
                other = ORDERS[1 - ORDERS.index(order)]
                last = await page(comments, post_id, order=other, limit=size)
                after = await page(comments, post_id, order=order, cursor=last["next_cursor"])
                assert ids(after) == expected[expected.index(ids(last)[-1]) + 1 :]
        for wrong in ("", "AAAA", "*", "A" * 1101, "AgAAAAAAAAAAAAAAAA"):
            answer = await comments.get(f"/threads/{post_id}", params={"cursor": wrong})
            assert answer.status_code == 422, wrong


async def test_a_comment_is_shown_on_the_page_where_it_stands(stack: Stack) -> None:
    """The first page, else one from the top of its sub-thread, else one from itself: at most three questions more."""
    tree = a_tree(24)
    post_id = await planted(stack, tree)
    async with service(stack, "comments") as comments:
        for order in ORDERS:
            expected, size = told(tree, order), 4
            first = await page(comments, post_id, order=order, limit=size)
            for one, (_, state) in tree.items():
                found = await page(comments, post_id, order=order, limit=size, show=one)
                if state not in {"live", "deleted"} or one in ids(first):
                    assert found == first
                    continue
                top = one
                while (parent := tree[top][0]) is not None:
                    top = parent
                below = [two for two in expected if two == top or _is_below(tree, two, top)]
                begins = below[0] if below.index(one) < size else one
                assert ids(found) == expected[expected.index(begins) :][:size], (order, one)
            assert await page(comments, post_id, order=order, limit=size, show="9223372036854775807") == first


def _is_below(tree: Tree, one: str, top: str) -> bool:
    parent = tree[one][0]
    return parent is not None and (parent == top or _is_below(tree, parent, top))


@pytest.mark.parametrize("order", ORDERS)
async def test_a_page_of_a_long_thread_walks_an_index(stack: Stack, order: str) -> None:
    """Nothing is looked through or sorted, wherever the page begins, but a page itself where two walks meet."""
    post_id = (await stack.post())["id"]
    await fill(stack, int(post_id), 3000)
    async with service(stack, "comments") as comments:
        middle = (await page(comments, post_id, order="oldest", limit=200))["next_cursor"]
        with listening(stack) as asked:
            for cursor in ({}, {"cursor": middle}):
                assert len((await page(comments, post_id, order=order, limit=20, **cursor))["items"]) == 20
    index = "comments_newest_first" if order == "newest" else "comments_oldest_first"
    plans = [await plan(stack, *one) for one in asked if "order_key" in one[0]]
    assert len(plans) == 2
    for one, sorts in zip(plans, (0, 2 if order == "newest" else 0), strict=True):
        assert index in one
        assert not re.search(r"SCAN comments|Seq Scan on comments", one), one
        assert len(re.findall(r"TEMP B-TREE|->  Sort", one)) <= sorts, one
        assert len(re.findall(r"->  Sort.*\n.*\n +->  Limit", one)) == len(re.findall("->  Sort", one)), one


@pytest.mark.parametrize("order", ORDERS)
async def test_the_page_of_a_comment_is_found_along_an_index(stack: Stack, order: str) -> None:
    post_id = (await stack.post())["id"]
    await fill(stack, int(post_id), 3000)
    async with service(stack, "comments") as comments:
        with listening(stack) as asked:
            found = await page(comments, post_id, order=order, limit=20, show="11507")
    assert "11507" in ids(found)
    plans = [await plan(stack, *one) for one in asked if "order_key" in one[0]]
    assert len(plans) == 2, "where it begins, and the page"
    for one in plans:
        assert not re.search(r"SCAN (comments|one)|Seq Scan on comments", one), one
    assert "comments_oldest_first" in plans[0], plans[0]


async def fill(stack: Stack, post_id: int, count: int) -> None:
    """Every tenth is a top comment, the others answer it."""
    rows, top = list[dict[str, Any]](), None
    for number in range(10_001, 10_001 + count):
        at = NOW + timedelta(seconds=number)
        top = place(None, at, number) if number % 10 == 1 else top
        own = top if number % 10 == 1 else place(top, at, number)
        assert own is not None
        where = {"depth": own.depth, "order_key": own.order_key, "root_key": own.root_key}
        parent_id = None if own.depth == 0 else number - (number - 1) % 10
        rows.append({"id": number, "post_id": post_id, "parent_id": parent_id, "published_at": at} | where | _SAID)

    async def work(writes: Writes) -> None:
        await writes.execute(insert(comments_table), rows)
        if writes.dialect.name == "postgresql":
            await writes.execute(text("ANALYZE comments"))

    await database(stack, "comments").write(work)


@contextmanager
def listening(stack: Stack) -> Iterator[list[tuple[str, Any]]]:
    """What the comments service asks its database, with the values."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    engines = database(stack, "comments").engines()
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def plan(stack: Stack, statement: str, parameters: Any) -> str:
    async with database(stack, "comments").read() as reads:
        explain = "EXPLAIN QUERY PLAN" if reads.dialect.name == "sqlite" else "EXPLAIN"
        rows = (await reads.exec_driver_sql(f"{explain} {statement}", parameters)).all()
    return "\n".join(str(row[-1]) for row in rows)
