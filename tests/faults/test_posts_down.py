"""Whatever becomes of posts, readers are told that articles are not available, never that there are none, and soon."""

import asyncio
import time
from pathlib import Path

from tests.databases import SqliteFiles
from tests.faults.proxy import FAULTS
from tests.faults.stack import FaultyStack, faulty_stack
from tests.gateway.reading import HTML, assert_problem, assert_problem_page


async def test_articles_are_not_available_but_not_gone(
    sqlite_files: SqliteFiles, tmp_path: Path, *, long: bool
) -> None:
    deadline_s = 2.0 if long else 0.15
    async with faulty_stack(sqlite_files, tmp_path, long=long, posts_timeout_s=deadline_s) as stack:
        written = await stack.healthy.post()
        for fault in FAULTS:
            await stack.proxies["posts"].become(fault)
            for _ in range(2):
                begun = time.perf_counter()
                await asyncio.gather(*(ask(stack, written["path"], written["id"]) for _ in range(3)))
                assert time.perf_counter() - begun < deadline_s + 1, fault  # which is for a busy machine
            for _ in range(20):  # a process that is late blames itself
                if stack.breaker("posts").state == "closed":
                    await ask(stack, written["path"], written["id"])
            assert stack.breaker("posts").state == "open", fault
            await stack.proxies["posts"].become(None)
            assert await stack.until_back(written["path"], lambda answer: answer.status_code == 200) < 5, fault


async def ask(stack: FaultyStack, path: str, article_id: str) -> None:
    page, article, home = await asyncio.gather(
        stack.reader.get(path, headers=HTML), stack.reader.get(f"/api/v1/articles/{article_id}"), stack.reader.get("/")
    )
    assert_problem_page(page, 503)
    for one in (article, home):
        assert_problem(one, 503, "unavailable")
    assert {int(one.headers["Retry-After"]) for one in (page, article, home)} == {5}
