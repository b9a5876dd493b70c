"""Counts of live comments: kept with every write, by many writers at once, for many articles in one question."""

import asyncio

from sqlalchemy import func, select

from services.comments.tables import changes, comments, threads
from tests.comments.following import eventually
from tests.gateway.inside import database, outbox
from tests.gateway.reading import assert_problem
from tests.stack import Stack


async def kept_and_counted(stack: Stack) -> list[dict[int, int]]:
    """What `threads` says, and what the comments themselves say."""
    live = select(comments.c.post_id, func.count()).where(comments.c.state == "live").group_by(comments.c.post_id)
    async with database(stack, "comments").read() as reads:
        kept = await reads.execute(select(threads.c.post_id, threads.c.live_count).where(threads.c.live_count > 0))
        counted = await reads.execute(live)
        return [{row[0]: row[1] for row in rows} for rows in (kept, counted)]


async def test_counts_are_those_of_the_live_comments(stack: Stack) -> None:
    posts = [await stack.post() for _ in range(3)]
    states = ["live", "deleted", "held", "spam", "removed", "live"]
    await stack.imported_comments(
        *({"source_id": f"{n}", "post_id": posts[n % 2]["id"], "state": state} for n, state in enumerate(states, 1))
    )
    await stack.imported_comments({"source_id": "1", "post_id": posts[2]["id"]})  # there already, elsewhere
    await stack.comment(posts[0]["id"])
    refused = await stack.reader.post(
        f"/api/v1/articles/{posts[0]['id']}/comments", json={"body": "x", "parent_id": "5"}
    )
    assert_problem(refused, 422, "invalid")

    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(posts[0]["id"]): 2, int(posts[1]["id"]): 1}
    listed = (await stack.reader.get("/api/v1/articles")).json()["items"]
    assert {one["id"]: one["comment_count"] for one in listed} == {
        post["id"]: count for post, count in zip(posts, (2, 1, 0), strict=True)
    }
    for post, count in zip(posts, (2, 1, 0), strict=True):
        assert (await stack.reader.get(f"/api/v1/articles/{post['id']}")).json()["comments"]["count"] == count


async def test_many_writers_at_once_are_all_counted(stack: Stack) -> None:
    posts = [await stack.post(), await stack.post()]

    async def import_some(number: int) -> None:
        mixed = ({"source_id": f"{number}-{n}", "post_id": posts[(number + n) % 2]["id"]} for n in range(4))
        await stack.imported_comments(*mixed, source=f"s{number}")

    writing = [stack.comment(posts[number % 2]["id"], f"Number {number}") for number in range(20)]
    await asyncio.gather(*writing, *(import_some(number) for number in range(5)))

    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post["id"]): 20 for post in posts}
    told = [entity for kind, entity, _, _ in await outbox(stack, "comments", changes) if kind == "comment.created"]
    assert len(set(told)) == len(told) == 40


async def test_refused_comment_leaves_nothing_behind(stack: Stack) -> None:
    """In the same commit as others on SQLite."""
    post = await stack.post()

    async def refused() -> None:
        body = {"body": "x", "parent_id": "5"}
        assert_problem(await stack.reader.post(f"/api/v1/articles/{post['id']}/comments", json=body), 422, "invalid")

    await asyncio.gather(*(refused() for _ in range(10)), *(stack.comment(post["id"]) for _ in range(10)))

    kept, counted = await kept_and_counted(stack)
    assert kept == counted == {int(post["id"]): 10}

    async def told() -> list[str]:
        return sorted([kind for kind, *_ in await outbox(stack, "comments", changes)])

    # comments hear of the post when they do
    await eventually(told, ["comment.created"] * 10 + ["thread.turned"])
