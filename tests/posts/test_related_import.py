"""Many posts that come in batches are related in one pass, once no more come."""

import pytest

from services.posts.commands import relate_posts
from services.posts.commands.relate_posts import Relating
from tests.stack import PUBLIC_URL, Stack

LOAF = "<p>Flour, yeast and a hot oven make a loaf with a crust.</p>"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
async def test_an_import_that_is_slower_than_the_job_is_one_pass(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job finds nothing to read between two batches, and waits all the same once they are many."""
    monkeypatch.setattr(relate_posts, "MANY", 4)
    monkeypatch.setattr(relate_posts, "_QUIET_S", 1000.0)
    relating = Relating(stack.posts_state["database"], stack.clock, PUBLIC_URL)
    unweighed = []
    for batch in range(4):
        await stack.imported_posts(
            *({"source_id": f"{batch}-{number}", "title": f"Loaf {number}", "body": LOAF} for number in range(3))
        )
        while await relating():
            pass
        found = (await stack.operator.get("/api/v1/related/progress")).json()
        unweighed.append((found["unread"], found["unweighed"]))
    assert unweighed == [(0, 0), (0, 6), (0, 9), (0, 12)], "the first three are few"

    monkeypatch.setattr(relate_posts, "_QUIET_S", 0.0)
    while await relating():
        pass
    assert (await stack.operator.get("/api/v1/related/progress")).json() == {
        "unread": 0,
        "unweighed": 0,
        "unlisted": 0,
        "known": 12,
    }
