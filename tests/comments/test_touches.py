"""What a new comment touches is told to the gateway with its answer, so that it need not look for that."""

from typing import Any

import httpx

from tests.comments.following import comment, sent, service
from tests.comments.test_moderation import moderated_by
from tests.stack import Stack


async def created(comments: httpx.AsyncClient) -> dict[str, Any]:
    """The only comment, as the feed tells it; what posts did may stand in the feed as well."""
    items = (await comments.get("/changes")).json()["items"]
    (found,) = [item for item in items if item["kind"] == "comment.created"]
    return dict(found)


async def test_a_shown_comment_touches_its_thread(stack: Stack) -> None:
    post = await stack.post()
    said = comment(post["id"], "Well said.", idempotency_key="k")
    outcomes = [*await sent(stack, said), *await sent(stack, said)]
    async with service(stack, "comments") as comments:
        change = await created(comments)
    assert [outcome["status"] for outcome in outcomes] == [201, 201]
    assert [outcome["touches"] for outcome in outcomes] == [change["touches"]] * 2
    assert f"thread:{post['id']}" in change["touches"]


async def test_one_that_waits_touches_nothing(stack: Stack) -> None:
    post = await stack.post()
    await moderated_by(stack, comment_moderation="all")
    (outcome,) = await sent(stack, comment(post["id"], "Well said."))
    async with service(stack, "comments") as comments:
        change = await created(comments)
    assert (outcome["touches"], change["touches"]) == ([], [])
