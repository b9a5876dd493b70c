"""Requests at a steady rate, whatever becomes of those before: so a server that slows down is not spared."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice
from typing import Final

import aiohttp
from msgspec import Struct

_PATIENCE_S: Final = 10.0
HUNG: Final = 0
BROKEN: Final = -1
_UNAVAILABLE: Final = b"Comments are not available at the moment."


class Got(Struct, frozen=True, gc=False):
    """`at`: seconds since the load began. `status`: `HUNG` for no answer in ten seconds, `BROKEN` for no whole one.

    No bodies are kept, and nothing that is looked at for garbage: who asks would stand still more and more often, and
    then ask for all that was due at once.
    """

    at: float
    took: float
    status: int
    tells_when: bool
    lacks_comments: bool


def client() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout, auto_decompress=False)


async def ask(session: aiohttp.ClientSession, url: str, since: float) -> Got:
    begun, status, tells_when, body = time.perf_counter(), BROKEN, False, b""
    try:
        async with session.get(url, headers={"Accept": "text/html"}) as answer:
            body = await answer.read()
            status, tells_when = answer.status, "Retry-After" in answer.headers
    except TimeoutError:
        status = HUNG
    except aiohttp.ClientError:
        status = BROKEN
    return Got(begun - since, time.perf_counter() - begun, status, tells_when, _UNAVAILABLE in body)


async def at_rate(session: aiohttp.ClientSession, urls: Sequence[str], a_second: float, seconds: float) -> list[Got]:
    begun, asking, got = time.perf_counter(), set[asyncio.Task[None]](), list[Got]()

    async def one(url: str) -> None:
        got.append(await ask(session, url, begun))

    for number, url in enumerate(islice(cycle(urls), int(a_second * seconds))):
        await asyncio.sleep(max(begun + number / a_second - time.perf_counter(), 0))
        task = asyncio.create_task(one(url))
        asking.add(task)
        task.add_done_callback(asking.discard)
    await asyncio.gather(*asking)
    return got


async def as_fast_as_it_goes(
    session: aiohttp.ClientSession, urls: Sequence[str], at_once: int, seconds: float
) -> list[Got]:
    begun, turns = time.perf_counter(), cycle(urls)

    async def one_reader() -> list[Got]:
        got = []
        while time.perf_counter() - begun < seconds:
            got.append(await ask(session, next(turns), begun))
        return got

    return [one for some in await asyncio.gather(*(one_reader() for _ in range(at_once))) for one in some]


def quantile_ms(got: Sequence[Got], share: float) -> float:
    took = sorted(one.took for one in got)
    return took[min(int(len(took) * share), len(took) - 1)] * 1000 if took else float("nan")


def shares(got: Sequence[Got]) -> str:
    """`200: 97 %, 503: 3 %`."""
    counts = Counter(one.status for one in got)
    names = {HUNG: "hung", BROKEN: "broken"}
    return ", ".join(f"{names.get(status, status)}: {100 * n / len(got):.0f} %" for status, n in counts.most_common())
