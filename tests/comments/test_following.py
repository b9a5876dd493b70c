"""Comments follow posts: what is not live or hidden takes its thread along, whatever was missed meanwhile."""

from functools import partial

import pytest

from services.comments.commands.follow_posts import take_over
from services.comments.domain.thread_cursor import ThreadCursor
from services.comments.domain.thread_order import COMPONENT_BYTES
from services.comments.posts_service import CommentedPost
from tests.comments.following import eventually, service, start_over, thread, write
from tests.gateway.inside import database
from tests.posts.listing import edit, put_through
from tests.stack import Stack

SAID = ["<p>Well said.</p>\n"]


async def commented(stack: Stack) -> str:
    post_id: str = (await stack.post())["id"]
    await stack.comment(post_id)
    return post_id


async def test_a_thread_goes_and_comes_with_its_post(stack: Stack) -> None:
    post_id = await commented(stack)
    await eventually(partial(thread, stack, post_id), SAID)
    for step, shown, status in (
        ("trash", [], 404),
        ("restore", SAID, 201),
        ("revert", [], 404),
        ("publish", [*SAID, "<p>Late</p>\n"], 201),
    ):
        await put_through(stack, post_id, step)
        await eventually(partial(thread, stack, post_id), shown)
        assert await write(stack, post_id) == status
    await put_through(stack, post_id, "trash")
    deleted = await stack.operator.delete(f"/api/v1/posts/{post_id}", headers={"If-Match": "*"})
    assert deleted.status_code == 204
    await eventually(partial(write, stack, post_id), 404)


async def test_policies_hold_in_the_comments_service_as_well(stack: Stack) -> None:
    post_id = await commented(stack)
    await edit(stack, post_id, comment_policy="closed")
    await eventually(partial(write, stack, post_id), 409)
    assert await thread(stack, post_id) != []
    await edit(stack, post_id, comment_policy="hidden")
    await eventually(partial(thread, stack, post_id), [])
    await edit(stack, post_id, comment_policy="open")
    await eventually(partial(write, stack, post_id), 201)


async def test_a_hidden_thread_tells_nothing_behind_its_end_either(stack: Stack) -> None:
    """A page without comments has no row that could tell whose it is."""
    post_id = await commented(stack)
    behind = {"cursor": ThreadCursor(b"\xff" * COMPONENT_BYTES).encode()}

    async def count() -> int:
        async with service(stack, "comments") as client:
            found = (await client.get(f"/threads/{post_id}", params=behind)).json()
        assert found["items"] == []
        return int(found["count"])

    assert await count() == 1
    await edit(stack, post_id, comment_policy="hidden")
    await eventually(count, 0)


async def test_who_has_seen_a_newer_post_is_believed(stack: Stack) -> None:
    """A reader comments on what was opened again a moment ago, before the feed has told of it."""
    post_id = await commented(stack)
    await edit(stack, post_id, comment_policy="closed")
    await eventually(partial(write, stack, post_id), 409)
    stack.take_away("feed of posts")
    await edit(stack, post_id, comment_policy="open")
    await stack.comment(post_id, "At once")
    page = (await stack.reader.get(f"/api/v1/articles/{post_id}")).json()
    assert page["comments"]["items"][-1]["body_html"] == "<p>At once</p>\n"
    assert await write(stack, post_id, post_version=2) == 409


async def test_what_was_missed_is_made_up_for(stack: Stack) -> None:
    gone, back, hidden = [await commented(stack) for _ in range(3)]
    await put_through(stack, back, "trash")
    await eventually(partial(thread, stack, back), [])
    stack.take_away("feed of posts")
    await put_through(stack, gone, "trash")
    await put_through(stack, back, "restore")
    await edit(stack, hidden, comment_policy="hidden")
    new = await commented(stack)
    assert [await thread(stack, one) for one in (gone, back, hidden)] == [SAID, [], SAID]
    stack.bring_back("feed of posts")
    for post_id, shown in ((gone, []), (back, SAID), (hidden, []), (new, SAID)):
        await eventually(partial(thread, stack, post_id), shown)


async def test_changes_may_come_twice_and_late(stack: Stack) -> None:
    post_id = await commented(stack)
    await put_through(stack, post_id, "trash")
    await eventually(partial(thread, stack, post_id), [])
    late = CommentedPost(post_id, is_live=True, comment_policy="open", published=None, version=1)
    await database(stack, "comments").write(partial(take_over, posts=[late], now=stack.clock()))
    assert await thread(stack, post_id) == []


@pytest.mark.parametrize("in_pages_of", [2, 500])
async def test_all_is_asked_for_when_nothing_is_known(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, in_pages_of: int
) -> None:
    for module in ("commands.ask_anew", "posts_service"):
        monkeypatch.setattr(f"services.comments.{module}.MAX_POSTS", in_pages_of)
    live, trashed, deleted = [await commented(stack) for _ in range(3)]
    stack.take_away("feed of posts")
    await start_over(stack)
    await put_through(stack, trashed, "trash")
    await put_through(stack, deleted, "trash")
    await stack.operator.delete(f"/api/v1/posts/{deleted}", headers={"If-Match": "*"})
    stack.bring_back("feed of posts")
    for post_id, shown in ((live, SAID), (trashed, []), (deleted, [])):
        await eventually(partial(thread, stack, post_id), shown)
    later = await commented(stack)
    await put_through(stack, later, "trash")
    await eventually(partial(thread, stack, later), [])


async def test_posts_out_of_a_backup_are_believed(stack: Stack) -> None:
    """They have lower versions than were known, or none were there for a while."""
    post_id = await commented(stack)
    await eventually(partial(write, stack, post_id), 201)
    wrong = CommentedPost(post_id, is_live=False, comment_policy="hidden", published=None, version=99)
    await database(stack, "comments").write(partial(take_over, posts=[wrong], now=stack.clock()))
    assert await thread(stack, post_id) == []
    await start_over(stack)
    await eventually(partial(thread, stack, post_id, limit=1), SAID)
    await database(stack, "comments").write(partial(take_over, posts=[], gone=[post_id], now=stack.clock()))
    assert await thread(stack, post_id) == []
    await edit(stack, post_id, title="There again")
    await eventually(partial(thread, stack, post_id, limit=1), SAID)


async def test_comments_may_ask_posts_for_no_more_than_they_follow(stack: Stack) -> None:
    async with service(stack, "posts", caller="comments") as client:
        allowed = [await client.get(path) for path in ("/changes", "/changes/head", "/commenting/rules")]
        refused = [await client.get(path) for path in ("/articles", "/blog", "/labels", "/posts")]
    assert [answer.status_code for answer in allowed] == [200] * 3
    assert [answer.status_code for answer in refused] == [401] * 4
    async with service(stack, "comments", caller="comments") as client:
        assert (await client.get("/changes")).status_code == 401
