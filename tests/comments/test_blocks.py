"""Moderators' block lists: kept, told with their hits, and the same in memory as in the database."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import pytest
from sqlalchemy import insert

from services.comments.commands.blocks import met_blocks
from services.comments.domain.blocks import MAX_BLOCKS, BlockList
from services.comments.domain.said import Said
from services.comments.queries.blocks import KnownBlocks, block_list, blocks_version
from services.comments.tables import blocks
from services.common.database import Writes
from tests.gateway.inside import database
from tests.gateway.reading import assert_problem
from tests.stack import Stack

BLOCKS = "/api/v1/comments/blocks"


async def blocked(stack: Stack, kind: str, value: str, note: str = "") -> dict[str, Any]:
    answer = await stack.operator.post(BLOCKS, json={"kind": kind, "value": value, "note": note})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def listed(stack: Stack) -> list[dict[str, Any]]:
    answer = await stack.operator.get(BLOCKS)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_blocks_are_made_listed_and_deleted(stack: Stack) -> None:
    word = await blocked(stack, "word", " Free  GIFT-cards", note=" Every night ")
    assert {name: word[name] for name in word if name not in {"id", "made_at"}} == {
        "kind": "word",
        "value": "free gift cards",
        "note": "Every night",
        "made_by": "operator",
        "hits": 0,
        "last_hit": None,
    }
    link = await blocked(stack, "link", "https://www.Spam.example/")
    address = await blocked(stack, "address", "203.0.113.9/24")
    assert await listed(stack) == [address, link, word]

    with stack.recorder.recording() as costs:
        gone = await stack.operator.delete(f"{BLOCKS}/{link['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (costs.calls, costs.counts()["comments"]) == ([f"comments DELETE /comments/blocks/{link['id']}"], 1)
    assert await listed(stack) == [address, word]
    assert_problem(await stack.operator.delete(f"{BLOCKS}/{link['id']}"), 404, "not-found")
    assert (await blocked(stack, "link", "spam.example"))["id"] != link["id"]


async def _inserted(stack: Stack, rows: Sequence[Mapping[str, Any]]) -> None:
    made = {"kind": "word", "note": "", "made_by": "operator", "made_at": stack.clock(), "hits": 0}

    async def work(writes: Writes) -> None:
        await writes.execute(insert(blocks), [{**made, **row} for row in rows])

    await database(stack, "comments").write(work)


async def test_the_same_is_blocked_once(stack: Stack) -> None:
    """However it is written, and by however many at once."""
    for kind, value, other in (
        ("word", "free gift", "FREE  gift"),
        ("link", "spam.example", "http://www.spam.example"),
        ("address", "203.0.113.0/24", "203.0.113.9/24"),
    ):
        asked = [{"kind": kind, "value": one} for one in (value, other) * 3]
        answers = await asyncio.gather(*(stack.operator.post(BLOCKS, json=one) for one in asked))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert_problem(refused, 409, "conflict")
        assert refused.json()["detail"] == "This is blocked already."
    assert len(await listed(stack)) == 3


async def test_there_is_an_end_to_it(stack: Stack) -> None:
    await _inserted(stack, [{"id": at, "value": f"word{at}"} for at in range(1, MAX_BLOCKS)])
    asked = [{"kind": "word", "value": f"more{at}"} for at in range(4)]
    answers = await asyncio.gather(*(stack.operator.post(BLOCKS, json=one) for one in asked))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    full = await stack.operator.post(BLOCKS, json={"kind": "word", "value": "last"})
    assert_problem(full, 409, "conflict")
    assert full.json()["detail"] == "There are 1,000 blocks, and no more are kept. Delete some that meet nothing."
    assert len(await listed(stack)) == MAX_BLOCKS
    assert (await stack.operator.delete(f"{BLOCKS}/7")).status_code == 204
    await blocked(stack, "word", "last")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "name", "value": "x"}, "/kind"),
        ({"kind": "word"}, "/value"),
        ({"kind": "word", "value": ""}, "/value"),
        ({"kind": "word", "value": "c++"}, "/value"),
        ({"kind": "word", "value": "x" * 301}, "/value"),
        ({"kind": "link", "value": "spam"}, "/value"),
        ({"kind": "address", "value": "10.0.0.0/7"}, "/value"),
        ({"kind": "word", "value": "x", "note": "n" * 501}, "/note"),
        ({"kind": "word", "value": "x", "hits": 1}, "/hits"),
    ],
)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_cannot_be_blocked_is_refused(stack: Stack, body: dict[str, Any], pointer: str) -> None:
    answer = await stack.operator.post(BLOCKS, json=body)
    assert_problem(answer, 422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await listed(stack) == []


async def _list_of(stack: Stack, known: KnownBlocks) -> BlockList:
    async def work(writes: Writes) -> BlockList:
        return await block_list(writes, known, await blocks_version(writes))

    return await database(stack, "comments").write(work)


async def test_the_list_in_memory_is_the_one_in_the_database(stack: Stack) -> None:
    """Read again when there is another one, and only then."""
    known = KnownBlocks()

    async def found() -> list[str]:
        comment = Said("Free gift at spam.example", None, None)
        return sorted(block.value for block in (await _list_of(stack, known)).matches(comment))

    empty = known.block_list
    assert await found() == []
    assert known.block_list is empty
    word = await blocked(stack, "word", "gift")
    assert await found() == ["gift"]
    read = known.block_list
    assert await found() == ["gift"]
    assert known.block_list is read

    assert (await stack.operator.delete(f"{BLOCKS}/{word['id']}")).status_code == 204
    await blocked(stack, "link", "spam.example")
    assert await found() == ["spam.example"]  # as many as before


async def test_a_new_block_has_the_highest_id(stack: Stack) -> None:
    """Also when one was made where the clock was ahead: else a list might be taken for another."""
    await _inserted(stack, [{"id": 2**62, "value": "ahead"}])
    await blocked(stack, "word", "behind")
    assert [block["value"] for block in await listed(stack)] == ["behind", "ahead"]


async def test_hits_are_counted(stack: Stack) -> None:
    """Also by many at once, whatever the order in which they found them."""
    for kind, value in (("word", "one"), ("word", "two"), ("word", "three"), ("address", "203.0.113.0/24")):
        await blocked(stack, kind, value)
    known, now = KnownBlocks(), stack.clock()
    near, far = ip_address("203.0.113.7"), ip_address("203.0.114.7")

    async def met(text: str, address: IPv4Address | IPv6Address) -> list[str]:
        work = partial(
            met_blocks, known=known, said=Said(text, None, None), address=address, address_hashes=(), now=now
        )
        return [block.value for block in await database(stack, "comments").write(work)]

    texts = [("one, two", far), ("two, one, one", near), ("two", far), ("nothing", far)] * 5
    found = await asyncio.gather(*(met(text, address) for text, address in texts))
    assert found == [["one", "two"], ["one", "two", "203.0.113.0/24"], ["two"], []] * 5
    hits = {block["value"]: (block["hits"], block["last_hit"]) for block in await listed(stack)}
    at = now.isoformat().replace("+00:00", "Z")
    assert hits == {"one": (10, at), "two": (15, at), "three": (0, None), "203.0.113.0/24": (5, at)}
