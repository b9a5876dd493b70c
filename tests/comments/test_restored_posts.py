"""Posts that come back out of a backup under running services: comments notice it by themselves and ask anew."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text

from services.common.database import Writes
from services.posts.tables import changes, posts
from tests.comments.following import eventually, is_following, thread
from tests.comments.test_following import SAID, commented
from tests.gateway.inside import database
from tests.posts.listing import put_through
from tests.stack import Stack

Backup = tuple[Sequence[Any], Sequence[Any]]


async def backup(stack: Stack) -> Backup:
    async with database(stack, "posts").read() as reads:
        kept = [(await reads.execute(select(table))).mappings().all() for table in (posts, changes)]
    return [dict(row) for row in kept[0]], [dict(row) for row in kept[1]]


async def restore(stack: Stack, kept: Backup) -> None:
    """Posts and their feed as they were, and the feed's numbers given out from there again."""
    rows, happened = kept

    async def work(writes: Writes) -> None:
        for row in rows:
            await writes.execute(posts.update().where(posts.c.id == row["id"]).values(row))
        await writes.execute(delete(changes))
        await writes.execute(insert(changes), happened)
        last = happened[-1]["seq"]
        if writes.dialect.name == "postgresql":
            await writes.execute(text("SELECT setval(pg_get_serial_sequence('changes', 'seq'), :last)"), {"last": last})
        else:
            await writes.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = 'changes'"), {"last": last})

    await database(stack, "posts").write(work)


@pytest.mark.parametrize("written_since", [0, 3])
async def test_comments_follow_posts_that_are_older_again(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, written_since: int
) -> None:
    """Also when as many changes as were lost have happened since: the numbers are then the same ones again."""
    monkeypatch.setattr("services.comments.jobs.WAIT_S", 0.05)
    post_id = await commented(stack)
    await eventually(partial(is_following, stack), True)
    kept = await backup(stack)
    await put_through(stack, post_id, "trash")
    await eventually(partial(thread, stack, post_id), [])
    stack.take_away("feed of posts")
    await restore(stack, kept)
    new = [(await stack.post())["id"] for _ in range(written_since)]
    assert await thread(stack, post_id) == [], "the control"
    stack.bring_back("feed of posts")
    await eventually(partial(thread, stack, post_id, limit=1), SAID)
    for one in new:
        await put_through(stack, one, "trash")
