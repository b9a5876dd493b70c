"""A comment that is sent again with the same key is one comment, by programs and by the form."""

import asyncio
import re
from typing import Any

import httpx

from tests.comments.test_counts import kept_and_counted
from tests.comments.voting import reader_at
from tests.gateway.reading import assert_problem
from tests.posts.listing import edit
from tests.stack import Stack


async def sent(stack: Stack, post_id: str, key: str = "k", **given: Any) -> httpx.Response:
    address = f"/api/v1/articles/{post_id}/comments"
    return await stack.reader.post(address, json={"body": "Once"} | given, headers={"Idempotency-Key": key})


async def test_a_repeat_gets_the_first_comment(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    first = await sent(stack, post_id)
    await edit(stack, post_id, title="Another version")
    again = await sent(stack, post_id)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert (await sent(stack, post_id, "other")).json()["id"] != first.json()["id"]
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post_id): 2}


async def test_a_key_stands_for_one_comment(stack: Stack) -> None:
    post_id, other = [(await stack.post())["id"] for _ in range(2)]
    await sent(stack, post_id)
    assert_problem(await sent(stack, post_id, body="Twice"), 422, "invalid")
    assert_problem(await sent(stack, other), 422, "invalid")
    for wrong in ("a b", ""):
        assert_problem(await sent(stack, post_id, wrong), 422, "invalid")
    refused = await sent(stack, post_id, "late", parent_id="5")
    assert_problem(refused, 422, "invalid")
    assert (await sent(stack, post_id, "late")).status_code == 201, "what was refused left the key free"


async def test_of_repeats_at_once_one_is_written(stack: Stack) -> None:
    post_id = (await stack.post())["id"]
    answers = await asyncio.gather(*(sent(stack, post_id) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post_id): 1}


async def test_a_double_click_is_one_comment(stack: Stack) -> None:
    post = await stack.post()
    (key,) = re.findall(r'name="once" value="([^"]+)"', (await stack.reader.get(post["path"])).text)
    form = {"body": "Clicked", "once": key}

    async def submitted(**given: str) -> str:
        answer = await stack.reader.post(f"/articles/{post['id']}/comments", data=form | given)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    places = await asyncio.gather(submitted(), submitted())
    assert len(set(places)) == 1
    assert await submitted(body="Another reader of the same page") not in places
    assert await submitted(author_name="Ann") not in places
    (other,) = re.findall(r'name="once" value="([^"]+)"', (await stack.reader.get(post["path"])).text)
    assert other != key
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post["id"]): 3}


async def test_a_refused_form_keeps_its_key(stack: Stack) -> None:
    post = await stack.post()
    asked_again = await stack.reader.post(f"/articles/{post['id']}/comments", data={"body": "", "once": "mine"})
    assert asked_again.status_code == 422
    assert 'name="once" value="mine"' in asked_again.text


async def test_two_readers_who_say_the_same_are_two(stack: Stack) -> None:
    """A page out of a cache gives both the same form; the key in it holds a hash of the sender."""
    post = await stack.post()
    (key,) = re.findall(r'name="once" value="([^"]+)"', (await stack.reader.get(post["path"])).text)
    form = {"body": "First!", "once": key}
    readers = [reader_at(stack, address) for address in ("203.0.113.5", "198.51.100.7")]
    answers = [await reader.post(f"/articles/{post['id']}/comments", data=form) for reader in (*readers, *readers)]
    assert [answer.status_code for answer in answers] == [303] * 4
    first, second, *again = [answer.headers["Location"] for answer in answers]
    assert first != second
    assert again == [first, second]
    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post["id"]): 2}
