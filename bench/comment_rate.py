"""Comments through the gateway beside an app that only returns ready bytes (python -m bench.comment_rate FOLDER).

In turns in one run, because shared machines change their speed within seconds: 32 posters for two seconds, then the
other app for half of one. Filter and quotas are on. What counts is how many of its answers a comment takes the time of.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer
import uvloop

from bench.asking import rate_of, request_of
from bench.comment_writes import POSTERS, comment, network, settings
from bench.posters import HttpPoster, live_articles
from bench.serving import Server, bare, dateline, three_services

SECONDS: Final = 2.0
BARE_SECONDS: Final = 0.5
WARM_ROUNDS: Final = 2
_BARE_BYTES: Final = 27_800
"""Of an article page with fifty comments, as `bench.cold_page` has it."""


def main(
    folder: Annotated[Path, typer.Argument(help="Where databases are made: on the disk that is to be measured.")],
    rounds: Annotated[int, typer.Option(help="For each way to run it.")] = 12,
) -> None:
    """Prints a Markdown table on standard output."""
    print("| | comments a second: median, best | p50 / p99, ms | bare, us: median, best | times bare: median |")
    print("| --- | --- | --- | --- | --- |")
    for name in ("one process", "three processes"):
        with ExitStack() as opened:
            place = Path(opened.enter_context(TemporaryDirectory(dir=folder)))
            if name == "one process":
                server = opened.enter_context(dateline(place, settings(), is_free=True))
            else:
                server = opened.enter_context(three_services(place, settings(), is_free=True))["gateway"]
            answers: dict[str, Any] = {"/livez": (200, [], ""), "/page": (200, [], (b"x" * _BARE_BYTES).hex())}
            other = opened.enter_context(bare(answers, place))
            print(f"| {name} | {_in_turns(server, other, place, rounds)} |", flush=True)


def _in_turns(server: Server, other: Server, folder: Path, rounds: int) -> str:
    articles = asyncio.run(live_articles(server.url, folder / "secrets", 500))
    numbers, request = iter(range(10**9)), request_of("/page", f"127.0.0.1:{other.port}", {})
    rates, plain_us, took = list[float](), list[float](), list[float]()
    for turn in range(WARM_ROUNDS + rounds):
        plain = rate_of(other.port, other.pid, request, BARE_SECONDS).cpu_us
        found = uvloop.run(_posted(server, articles, numbers))
        if turn >= WARM_ROUNDS:
            rates.append(len(found) / SECONDS)
            plain_us.append(plain)
            took += found
    cuts, times = quantiles(took, n=100), [1e6 / rate / plain for rate, plain in zip(rates, plain_us, strict=True)]
    return (
        f"{median(rates):.0f}, {max(rates):.0f} | {cuts[49]:.1f} / {cuts[98]:.1f} | "
        f"{median(plain_us):.0f}, {min(plain_us):.0f} | {median(times):.1f}"
    )


async def _posted(server: Server, articles: list[str], numbers: Iterator[int]) -> list[float]:
    """How many milliseconds each took."""
    clock, took = asyncio.get_running_loop().time, list[float]()
    until = clock() + SECONDS

    async def poster() -> None:
        connection = HttpPoster(server.url)
        while (begun := clock()) < until:
            number = next(numbers)
            headers = {"X-Forwarded-For": network(number), "Idempotency-Key": f"k{number}"}
            path = f"/api/v1/articles/{articles[number % len(articles)]}/comments"
            await connection.post(path, comment(number), headers)
            took.append((clock() - begun) * 1000)
        connection.close()

    await asyncio.gather(*(poster() for _ in range(POSTERS)))
    return took


if __name__ == "__main__":
    typer.run(main)
