"""`/livez` asks nothing of others, `/readyz` names what does not answer."""

import asyncio

import pytest

from services.common import health
from services.common.health import Check, health_router
from tests.common.apps import client_of


async def passes() -> None:
    """A dependency that answers."""


async def fails() -> None:
    raise ConnectionError("password=topsecret")


async def hangs() -> None:
    await asyncio.Event().wait()


async def health_with(path: str, **checks: Check) -> tuple[int, object]:
    async with client_of(health_router(lambda _request: checks)) as client:
        answer = await client.get(path)
    return answer.status_code, answer.json()


async def test_live_while_nothing_else_is() -> None:
    assert await health_with("/livez", database=fails) == (200, {"status": "ok"})


async def test_ready_when_all_answer() -> None:
    checks = {"database": "ok", "posts": "ok"}
    assert await health_with("/readyz", database=passes, posts=passes) == (200, {"status": "ok", "checks": checks})


async def test_not_ready_names_what_fails_and_not_why() -> None:
    checks = {"database": "ok", "posts": "failing"}
    expected = (503, {"status": "failing", "checks": checks})
    assert await health_with("/readyz", database=passes, posts=fails) == expected


async def test_silence_is_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_CHECK_TIMEOUT_S", 0.01)
    checks = {"database": "failing", "posts": "ok"}
    expected = (503, {"status": "failing", "checks": checks})
    assert await health_with("/readyz", database=hangs, posts=passes) == expected


async def test_checks_run_side_by_side() -> None:
    """One that waits for another would wait for ever."""
    both = asyncio.Barrier(2)

    async def meets() -> None:
        await both.wait()

    assert (await health_with("/readyz", database=meets, posts=meets))[0] == 200


async def test_ready_without_dependencies() -> None:
    assert await health_with("/readyz") == (200, {"status": "ok", "checks": {}})
