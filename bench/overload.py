"""What happens at three times the peak: `python -m bench.overload`.

Everything in one process on one core, the readers on another, the page cache off. First as many readers as the server
works for at a time, one request after the other each: the peak. Then three times as many requests a second, whatever
becomes of them. Then, ten seconds later, as few as before.
"""

import asyncio
import os
from typing import Annotated, Final

import typer

from bench.blog import fill
from bench.load import as_fast_as_it_goes, at_rate, client, quantile_ms, shares
from bench.serving import ASKING_CORE, dateline, scratch

_ENV: Final = {"DATELINE_CACHE_MB": "0"}
_AT_ONCE: Final = 16
_QUIET_A_SECOND: Final = 5
_UNAVAILABLE: Final = b"Comments are not available at the moment."


def main(
    seconds: Annotated[float, typer.Option(help="Of overload.")] = 60,
    times: Annotated[float, typer.Option(help="The peak.")] = 3,
) -> None:
    """Prints what came of it on standard output."""
    os.sched_setaffinity(0, {ASKING_CORE})
    with scratch() as folder, dateline(folder, _ENV) as server:
        paths = fill(server.url, folder / "secrets")
        asyncio.run(_measure([server.url + path for path in paths], seconds, times))


async def _measure(urls: list[str], seconds: float, times: float) -> None:
    async with client() as session:
        await as_fast_as_it_goes(session, urls, _AT_ONCE, 3)
        before = await at_rate(session, urls, _QUIET_A_SECOND, 5)
        at_peak = await as_fast_as_it_goes(session, urls, _AT_ONCE, 10)
        peak = sum(one.status == 200 for one in at_peak) / 10
        print(f"peak: {peak:.0f} pages a second, p99 {quantile_ms(at_peak, 0.99):.0f} ms")
        got = await at_rate(session, urls, peak * times, seconds)
        good = [one for one in got if one.status == 200]
        whole = [one for one in good if _UNAVAILABLE not in one.body]
        refused = [one for one in got if one.status in {429, 503}]
        print(f"{times:.0f} times as many for {seconds:.0f} s: {shares(got)}")
        print(
            f"good: {len(good) / seconds:.0f} a second, {100 * len(good) / seconds / peak:.0f} % of the peak; ", end=""
        )
        print(f"p50 {quantile_ms(good, 0.5):.0f} ms, p99 {quantile_ms(good, 0.99):.0f} ms; ", end="")
        print(f"{100 * len(whole) / max(len(good), 1):.1f} % with their comments")
        told = sum(one.tells_when for one in refused)
        print(f"refused: {len(refused)}, {told} of them told when to come back; ", end="")
        print(f"p50 {quantile_ms(refused, 0.5):.0f} ms, p99 {quantile_ms(refused, 0.99):.0f} ms")
        await asyncio.sleep(10)
        after = await at_rate(session, urls, _QUIET_A_SECOND, 5)
        for name, some in (("before", before), ("ten seconds later", after)):
            print(f"{name}: {shares(some)}, p50 {quantile_ms(some, 0.5):.0f} ms, p99 {quantile_ms(some, 0.99):.0f} ms")


if __name__ == "__main__":
    typer.run(main)
