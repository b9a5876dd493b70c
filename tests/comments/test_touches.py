"""What a new comment touches is told to the gateway with its answer, so that it need not look for that."""

from typing import Any

import httpx

from tests.comments.following import service
from tests.comments.test_moderation import moderated_by
from tests.stack import Stack

TOLD = "X-Dateline-Touches"


async def created(comments: httpx.AsyncClient) -> dict[str, Any]:
    """The only comment, as the feed tells it; what posts did may stand in the feed as well."""
    items = (await comments.get("/changes")).json()["items"]
    (found,) = [item for item in items if item["kind"] == "comment.created"]
    return dict(found)


async def test_a_shown_comment_touches_its_thread(stack: Stack) -> None:
    post = await stack.post()
    path, comment = f"/threads/{post['id']}/comments", {"body": "Well said."}
    async with service(stack, "comments") as comments:
        answers = [await comments.post(path, json=comment, headers={"Idempotency-Key": "k"}) for _ in range(2)]
        change = await created(comments)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.headers[TOLD].split() for answer in answers] == [change["touches"]] * 2
    assert f"thread:{post['id']}" in change["touches"]


async def test_one_that_waits_touches_nothing(stack: Stack) -> None:
    post = await stack.post()
    await moderated_by(stack, comment_moderation="all")
    async with service(stack, "comments") as comments:
        answer = await comments.post(f"/threads/{post['id']}/comments", json={"body": "Well said."})
        change = await created(comments)
    assert (answer.headers[TOLD], change["touches"]) == ("", [])


async def test_readers_are_not_told(stack: Stack) -> None:
    post = await stack.post()
    answer = await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json={"body": "Well said."})
    assert answer.status_code == 201
    assert TOLD not in answer.headers
