"""What happens at three times the peak: `python -m bench.overload`.

Everything in one process on one core, the readers on another, the page cache off. First as many readers as the server
works for at a time, one request after the other each: the peak. Then three times as many requests a second, whatever
becomes of them, and the peak again: in several rounds, because machines that are shared change their speed, each
compared with the peaks around it. Then, ten seconds later, as few as before.
"""

import asyncio
import os
from http.client import OK
from itertools import pairwise
from statistics import mean
from typing import Annotated, Final

import aiohttp
import typer

from bench.blog import fill
from bench.load import Got, as_fast_as_it_goes, at_rate, client, quantile_ms, shares
from bench.serving import ASKING_CORE, dateline, scratch

_ENV: Final = {"DATELINE_CACHE_MB": "0"}
_AT_ONCE: Final = 16
_PEAK_S: Final = 5
_QUIET_A_SECOND: Final = 5


def main(
    seconds: Annotated[float, typer.Option(help="Of overload in a round.")] = 20,
    rounds: Annotated[int, typer.Option(help="Of overload.")] = 3,
    times: Annotated[float, typer.Option(help="The peak.")] = 3,
) -> None:
    """Prints what came of it on standard output."""
    os.sched_setaffinity(0, {ASKING_CORE})
    with scratch() as folder, dateline(folder, _ENV) as server:
        paths = fill(server.url, folder / "secrets")
        asyncio.run(_measure([server.url + path for path in paths], seconds, rounds, times))


async def _measure(urls: list[str], seconds: float, rounds: int, times: float) -> None:
    async with client() as session:
        await as_fast_as_it_goes(session, urls, _AT_ONCE, 3)
        before = await at_rate(session, urls, _QUIET_A_SECOND, 5)
        peaks, got = [await _peak(session, urls)], list[list[Got]]()
        for _ in range(rounds):
            got.append(await at_rate(session, urls, peaks[-1] * times, seconds))
            peaks.append(await _peak(session, urls))
        _tell(peaks, got, seconds)
        await asyncio.sleep(10)
        after = await at_rate(session, urls, _QUIET_A_SECOND, 5)
        for name, some in (("before", before), ("ten seconds later", after)):
            print(f"{name}: {shares(some)}, p50 {quantile_ms(some, 0.5):.0f} ms, p99 {quantile_ms(some, 0.99):.0f} ms")


async def _peak(session: aiohttp.ClientSession, urls: list[str]) -> float:
    got = await as_fast_as_it_goes(session, urls, _AT_ONCE, _PEAK_S)
    return sum(one.status == OK for one in got) / _PEAK_S


def _tell(peaks: list[float], got: list[list[Got]], seconds: float) -> None:
    good_a_second = [sum(one.status == OK for one in some) / seconds for some in got]
    around = [mean(pair) for pair in pairwise(peaks)]
    every = [one for some in got for one in some]
    good = [one for one in every if one.status == OK]
    whole = [one for one in good if not one.lacks_comments]
    refused = [one for one in every if one.status in {429, 503}]
    told = sum(one.tells_when for one in refused)
    print(f"peaks: {', '.join(f'{one:.0f}' for one in peaks)} pages a second")
    print(f"too many for {len(got)} times {seconds:.0f} s: {shares(every)}")
    each = ", ".join(f"{100 * one / peak:.0f}" for one, peak in zip(good_a_second, around, strict=True))
    print(f"good: {100 * sum(good_a_second) / sum(around):.0f} % of the peaks around them ({each}); ", end="")
    print(f"p50 {quantile_ms(good, 0.5):.0f} ms, p99 {quantile_ms(good, 0.99):.0f} ms; ", end="")
    print(f"{100 * len(whole) / max(len(good), 1):.1f} % with their comments")
    print(f"refused: {len(refused)}, {told} of them told when to come back; ", end="")
    print(f"p50 {quantile_ms(refused, 0.5):.0f} ms, p99 {quantile_ms(refused, 0.99):.0f} ms")


if __name__ == "__main__":
    typer.run(main)
