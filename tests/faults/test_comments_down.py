"""Whatever becomes of comments, article pages and lists are answered, say that comments are missing, and soon."""

import asyncio
import time
from pathlib import Path

import httpx

from tests.databases import SqliteFiles
from tests.faults.proxy import FAULTS, Fault
from tests.faults.stack import FaultyStack, faulty_stack
from tests.gateway.reading import HTML
from tests.recorder import Costs

UNAVAILABLE = "Comments are not available at the moment."
_DEADLINE_S = 0.15


async def test_pages_are_whole_but_for_their_comments(sqlite_files: SqliteFiles, tmp_path: Path, *, long: bool) -> None:
    deadline_s = 0.25 if long else _DEADLINE_S
    async with faulty_stack(sqlite_files, tmp_path, long=long, comments_timeout_s=deadline_s) as stack:
        written = await stack.healthy.post(title="Whole")
        await stack.healthy.comment(written["id"])
        paths = (written["path"], f"/api/v1/articles/{written['id']}", "/api/v1/articles")
        await stack.until_back(written["path"], has_comments)
        for fault in FAULTS:
            await stack.proxies["comments"].become(fault)
            took = await missing_once(stack, fault, *paths)
            assert took < deadline_s + 3, fault  # which are for a busy machine
            for _ in range(20):  # a process that is late blames itself
                if stack.breaker("comments").state == "closed":
                    await missing_once(stack, fault, *paths)
            assert stack.breaker("comments").state == "open", fault
            with stack.recorder.recording() as costs:
                await missing_once(stack, fault, *paths)
            assert asked_of("comments", costs) == [], fault  # nobody waits any more
            if long:
                await missing_for(3, stack, fault, *paths)
            await stack.proxies["comments"].become(None)
            assert await stack.until_back(written["path"], has_comments) < 5, fault


async def missing_once(stack: FaultyStack, fault: Fault, page: str, article: str, listed: str) -> float:
    """Seconds that the slowest of several requests at once took."""
    asked = [(page, HTML), (article, {}), (listed, {})] * 3

    async def ask(path: str, headers: dict[str, str]) -> float:
        begun = time.perf_counter()
        answer = await stack.reader.get(path, headers=headers)
        took = time.perf_counter() - begun
        assert answer.status_code == 200, (fault, path)
        if path == page:
            assert UNAVAILABLE in answer.text, fault
        elif path == article:
            assert answer.json()["comments"]["status"] == "unavailable", fault
        else:
            assert [one["comment_count"] for one in answer.json()["items"]] == [None], fault
        return took

    return max(await asyncio.gather(*(ask(*one) for one in asked)))


async def missing_for(seconds: float, stack: FaultyStack, fault: Fault, *paths: str) -> None:
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        await missing_once(stack, fault, *paths)


def has_comments(answer: httpx.Response) -> bool:
    return UNAVAILABLE not in answer.text


def asked_of(service: str, costs: Costs) -> list[str]:
    """Calls without pings."""
    return [call for call in costs.calls if call.startswith(service) and not call.endswith("/readyz")]
