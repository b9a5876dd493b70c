"""Deleted comments keep their place as long as something stands below them, and no longer."""

from functools import partial

from services.comments.commands.recount import recount_threads
from tests.comments.test_moderation import decided, thread
from tests.comments.test_own_comments import deleted
from tests.gateway.inside import database
from tests.gateway.reading import HTML, parts
from tests.stack import Stack


async def mended(stack: Stack) -> int:
    recount = partial(recount_threads, after=0, limit=10, now=stack.clock.now)
    return (await database(stack, "comments").write(recount)).mended


async def test_a_place_goes_with_the_last_reply_and_comes_back_with_it(stack: Stack) -> None:
    post = await stack.post()
    top = await stack.comment(post["id"], "Top")
    middle = await stack.comment(post["id"], "Middle", parent_id=top["id"])
    leaf = await stack.comment(post["id"], "Leaf", parent_id=middle["id"])
    other = await stack.comment(post["id"], "Other", parent_id=top["id"])
    ids = [one["id"] for one in (top, middle, leaf, other)]
    for one in (top, middle):
        assert (await deleted(stack, one)).status_code == 204
    assert await thread(stack, post["id"]) == (2, ids)

    await decided(stack, "spam", leaf["id"])
    assert await thread(stack, post["id"]) == (1, [top["id"], other["id"]])
    await decided(stack, "restore", leaf["id"])
    assert await thread(stack, post["id"]) == (2, ids)
    await decided(stack, "remove", leaf["id"], other["id"])
    assert await thread(stack, post["id"]) == (0, [])
    assert not parts((await stack.reader.get(post["path"], headers=HTML)).text, ".thread li")
    await decided(stack, "restore", leaf["id"])
    assert await thread(stack, post["id"]) == (1, ids[:3])
    assert (await deleted(stack, leaf)).status_code == 204
    assert await thread(stack, post["id"]) == (0, [])
    assert await mended(stack) == 0
