"""Counts that are kept with every write say what counting would say, whatever happened in whatever order."""

import asyncio
from collections import Counter
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from services.posts.tables import archive, authors, blog, labels, post_labels, posts
from tests.gateway.inside import database
from tests.posts.walks import Walk
from tests.stack import Stack

STEPS: Final = 80
Counts = dict[str, dict[Any, int]]


async def kept(stack: Stack) -> Counts:
    async with database(stack, "posts").read() as reads:
        months = await reads.execute(select(archive))
        return {
            "labels": {row.name: row.live_count for row in await reads.execute(select(labels))},
            "authors": {row.id: row.live_count for row in await reads.execute(select(authors))},
            "months": {(row.year, row.month): row.live_count for row in months if row.live_count},
        }


async def counted(stack: Stack) -> Counts:
    async with database(stack, "posts").read() as reads:
        zone = ZoneInfo((await reads.execute(select(blog.c.time_zone))).scalar_one())
        rows = (await reads.execute(select(posts).where(posts.c.state == "live", posts.c.kind == "post"))).all()
        at = {row.id: row.published_at for row in rows}
        joined = select(labels.c.name, post_labels.c.post_id, post_labels.c.live_at).join_from(labels, post_labels)
        links = (await reads.execute(joined)).all()
        names = dict.fromkeys((await reads.execute(select(labels.c.name))).scalars(), 0)
        people = dict.fromkeys((await reads.execute(select(authors.c.id))).scalars(), 0)
    assert all(link.live_at == at.get(link.post_id) for link in links)
    local = [row.published_at.astimezone(zone) for row in rows]
    return {
        "labels": names | Counter(link.name for link in links if link.post_id in at),
        "authors": people | Counter(row.author_id for row in rows if row.author_id is not None),
        "months": dict(Counter((one.year, one.month) for one in local)),
    }


@pytest.mark.parametrize("seed", [1, 2])
async def test_counts_are_right_after_every_step(stack: Stack, seed: int) -> None:
    walk = Walk(stack, seed)
    for name in ("Ann", "Cy"):
        walk.people.append((await stack.operator.post("/api/v1/authors", json={"name": name})).json()["id"])
    done, most = Counter[str](), Counter[str]()
    for number in range(STEPS):
        step = await walk.step()
        done[step] += 1
        found = await kept(stack)
        assert found == await counted(stack), f"step {number}: {step}, after {dict(done)}"
        most |= Counter({what: sum(counts.values()) for what, counts in found.items()})
    assert len(done) >= 12
    assert min(most.values()) >= 3


@pytest.mark.parametrize("seed", [1, 2])
async def test_counts_are_right_after_steps_at_once(stack: Stack, seed: int) -> None:
    walk = Walk(stack, seed, frozenset({200, 204, 404, 409, 412}))
    for _ in range(8):
        await walk.write()
    for number in range(12):
        for result in await asyncio.gather(*(walk.step() for _ in range(6)), return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
        found = await kept(stack)
        assert found == await counted(stack), f"round {number}"
        assert len(found) == 3
