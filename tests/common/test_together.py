"""What is asked for in one turn of the event loop is asked for in one call."""

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar

import pytest

from services.common.together import Together
from tests.common.waiting import Pause

WHO: ContextVar[str] = ContextVar("who", default="nobody")


class Asked:
    """What was asked for in which call; `pause` holds all of them, `fails` ends them."""

    def __init__(self, most: int = 4) -> None:
        self.calls: list[list[int]] = []
        self.seen: set[str] = set()
        self.fails = False
        self.pause: Pause | None = None
        self.together = Together(self.ask, most)

    async def ask(self, numbers: Sequence[int]) -> list[int]:
        self.calls.append([*numbers])
        self.seen.add(WHO.get())
        if self.pause is not None:
            await self.pause()
        if self.fails:
            raise ConnectionError
        return [number * 10 for number in numbers]


async def test_one_turn_is_one_call_and_each_has_its_own_answer() -> None:
    asked = Asked()
    assert await asyncio.gather(*map(asked.together, (1, 2, 3))) == [10, 20, 30]
    assert await asked.together(4) == 40
    assert asked.calls == [[1, 2, 3], [4]]


async def test_a_call_has_its_most() -> None:
    asked = Asked()
    assert await asyncio.gather(*map(asked.together, range(9))) == [number * 10 for number in range(9)]
    assert asked.calls == [[0, 1, 2, 3], [4, 5, 6, 7], [8]]


async def test_what_a_call_raises_is_raised_to_each_of_its_own() -> None:
    asked = Asked()
    asked.fails = True
    outcomes = await asyncio.gather(*map(asked.together, (1, 2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError] * 2
    asked.fails = False
    assert await asked.together(3) == 30


@pytest.mark.parametrize("fails", [False, True])
async def test_who_goes_away_ends_it_for_nobody(*, fails: bool) -> None:
    asked = Asked()
    asked.fails, asked.pause = fails, Pause()
    waiting = [asyncio.create_task(asked.together(number)) for number in (1, 2)]
    await asked.pause.begun()
    waiting[0].cancel()
    asked.pause.end()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    assert isinstance(outcomes[1], ConnectionError) if fails else outcomes[1] == 20


async def test_it_is_asked_in_nobodys_name() -> None:
    asked = Asked()
    WHO.set("Ann")
    await asyncio.gather(*map(asked.together, (1, 2)))
    assert asked.seen == {"nobody"}


async def test_closing_ends_what_is_on_its_way() -> None:
    asked = Asked()
    asked.pause = Pause()
    waiting = asyncio.create_task(asked.together(1))
    await asked.pause.begun()
    await asked.together.close()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 5)
