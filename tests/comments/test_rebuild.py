"""What is only derived is made anew: numbers of threads while comments are written, and what is known of posts."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import delete, update

from services.comments.commands.follow_posts import lose_place, take_over, take_place
from services.comments.domain.sweep import Sweep
from services.comments.posts_service import CommentedPost
from services.comments.tables import changes, threads
from services.common.database import Writes
from services.migration.rebuild import RebuildFailed, Rebuilt, rebuild_comments
from tests.comments.following import eventually, thread
from tests.comments.test_following import SAID, commented
from tests.gateway.inside import database, outbox
from tests.gateway.reading import assert_problem
from tests.migration.test_comment_sender import Noted
from tests.stack import Stack

ADDRESS = "/api/v1/comments/rebuild"


async def counts(stack: Stack) -> dict[str, int]:
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    return {one["id"]: one["comment_count"] for one in listed}


def wrong(post_id: str) -> CommentedPost:
    """What posts never said."""
    return CommentedPost(post_id, is_live=False, comment_policy="hidden", published=None, version=99)


async def spoil(stack: Stack, *post_ids: str) -> None:
    await database(stack, "comments").write(
        partial(take_over, posts=[wrong(one) for one in post_ids], now=stack.clock())
    )


@pytest.mark.parametrize("at_a_time", [1, 100])
async def test_everything_derived_is_right_again(stack: Stack, monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr("services.comments.routes.rebuild.THREADS_A_STEP", at_a_time)
    right, more, gone = [await commented(stack) for _ in range(3)]
    states = ("live", "held", "spam", "removed", "deleted")
    await stack.imported_comments(
        *({"source_id": state, "post_id": gone, "state": state} for state in states),
        {"source_id": "reply", "post_id": gone, "parent_source_id": "deleted"},
    )

    async def lose(writes: Writes) -> None:
        await writes.execute(update(threads).where(threads.c.post_id == int(more)).values(live_count=7, shown_count=9))
        await writes.execute(delete(threads).where(threads.c.post_id == int(gone)))

    await database(stack, "comments").write(lose)
    await spoil(stack, right)
    assert await counts(stack) == {right: 1, more: 7, gone: 0}, "the control"
    before = await outbox(stack, "comments", changes)
    progress = Noted()
    assert await rebuild_comments(stack.operator, progress) == Rebuilt(threads=3, mended=2, posts=3)
    assert progress.parts == {"threads": [0, 3], "posts": [0, 3]}
    assert await counts(stack) == {right: 1, more: 1, gone: 3}
    async with database(stack, "comments").read() as reads:
        found = (await reads.execute(threads.select().order_by(threads.c.post_id))).all()
    assert [(str(row.post_id), row.live_count, row.shown_count) for row in found] == [
        *((right, 1, 1), (more, 1, 1)),
        (gone, 3, 4),
    ]
    told = (await outbox(stack, "comments", changes))[len(before) :]
    assert [(kind, one, tags) for kind, one, _, tags in told if kind != "thread.turned"] == [
        ("thread.recounted", one, [f"thread:{one}", "comments", f"count:{one}"]) for one in (more, gone)
    ]
    assert await thread(stack, right, limit=1) == SAID
    assert (await rebuild_comments(stack.operator, Noted())).mended == 0


async def test_comments_written_meanwhile_are_counted(stack: Stack) -> None:
    post_ids = [await commented(stack) for _ in range(3)]
    writing = asyncio.gather(*(stack.comment(post_ids[number % 3], f"Text {number}") for number in range(30)))
    steps = 0
    while not writing.done():
        assert (await stack.operator.post(ADDRESS, json={})).json()["done"] == 3
        steps += 1
    await writing
    assert steps > 1
    assert await counts(stack) == dict.fromkeys(post_ids, 11)
    assert (await stack.operator.post(ADDRESS, json={})).json()["mended"] == 0


async def test_a_sweep_goes_on_where_it_was(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.comments.commands.ask_anew.MAX_POSTS", 1)
    monkeypatch.setattr("services.comments.posts_service.MAX_POSTS", 1)
    first, second = [await commented(stack) for _ in range(2)]
    await eventually(partial(thread, stack, second), SAID)
    stack.take_away("feed of posts")
    own = database(stack, "comments")
    await own.write(lose_place)
    await spoil(stack, first, second)
    reached = Sweep("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", first, 1)
    assert Sweep.decode(reached.encode()) == reached
    await own.write(partial(take_place, place=reached.encode(), instead_of=None, now=stack.clock()))
    stack.bring_back("feed of posts")
    await eventually(partial(thread, stack, second, limit=1), SAID)
    assert await thread(stack, first, limit=1) == [], "it was left behind already"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_what_keeps_a_rebuild_from_ending_is_said(stack: Stack) -> None:
    await commented(stack)
    assert_problem(await stack.operator.post(ADDRESS, json={"cursor": "*"}), 422, "invalid")
    stack.take_away("feed of posts")
    with pytest.raises(RebuildFailed, match="posts service does not answer"):
        await rebuild_comments(stack.operator, Noted())
    with pytest.raises(RebuildFailed, match="import:run"):
        await rebuild_comments(await stack.key("comments:moderate"), Noted())
    stack.bring_back("feed of posts")
    assert (await rebuild_comments(stack.operator, Noted())).posts == 1
