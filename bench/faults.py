"""What readers get while a service behind the gateway is away: `python -m bench.faults`.

Three processes, with a proxy before posts and one before comments that misbehaves in each of eight ways, while articles
are asked for at a steady rate. The page cache is off, so that every page is composed.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import aiohttp
import typer

from bench.blog import fill
from bench.load import Got, at_rate, client, quantile_ms, shares
from tests.e2e.processes import running
from tests.faults.proxy import FAULTS, Fault, FaultProxy, fault_proxy

_HEALTHY_S: Final = 3.0
_ENV: Final = {"DATELINE_CACHE_MB": "0", "DATELINE_COMMENT_FILTER": "false"}


@dataclass(frozen=True, slots=True)
class Bench:
    urls: list[str]
    proxies: dict[str, FaultProxy]
    session: aiohttp.ClientSession
    rate: float


def main(
    rate: Annotated[float, typer.Option(help="Pages asked for in a second.")] = 20,
    seconds: Annotated[float, typer.Option(help="For how long a service is away.")] = 6,
) -> None:
    """Prints a Markdown table on standard output; times in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), rate, seconds))


async def _measure(folder: Path, rate: float, seconds: float) -> None:
    async with _three_processes(folder, rate) as bench:
        await at_rate(bench.session, bench.urls, bench.rate, _HEALTHY_S)  # warms up
        print("| away | how | answers | first second p50 | p99 | later p50 | p99 | healthy p50 | p99 | back after |")
        print("| --- |" + " --- |" * 9)
        for service in ("comments", "posts"):
            for fault in FAULTS:
                await _row(bench, service, fault, seconds)


async def _row(bench: Bench, service: str, fault: Fault, seconds: float) -> None:
    healthy = await at_rate(bench.session, bench.urls, bench.rate, _HEALTHY_S)
    assert {one.status for one in healthy} == {200}, shares(healthy)
    assert not any(one.lacks_comments for one in healthy)
    await bench.proxies[service].become(fault)
    got = await at_rate(bench.session, bench.urls, bench.rate, seconds)
    await bench.proxies[service].become(None)
    back_s = await _until(bench, lambda one: one.status == 200 and not one.lacks_comments)
    assert all(one.lacks_comments or one.status == 503 for one in got), "it was not away"
    assert all(one.tells_when for one in got if one.status == 503)
    first, later = [one for one in got if one.at < 1], [one for one in got if one.at > seconds / 3]
    times = (f"{quantile_ms(some, share):.0f}" for some in (first, later, healthy) for share in (0.5, 0.99))
    print(f"| {service} | {fault} | {shares(got)} | {' | '.join(times)} | {back_s:.1f} s |", flush=True)


async def _until(bench: Bench, is_well: Callable[[Got], bool]) -> float:
    begun = time.perf_counter()
    while not is_well((await at_rate(bench.session, bench.urls[:1], 20, 0.05))[0]):
        pass
    return time.perf_counter() - begun


@asynccontextmanager
async def _three_processes(folder: Path, rate: float) -> AsyncIterator[Bench]:
    secrets = folder / "secrets"
    env = _ENV | {"DATELINE_SECRETS": str(secrets)}
    async with AsyncExitStack() as opened:
        posts_env = env | {"DATELINE_POSTS_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/posts.db"}
        posts = opened.enter_context(running("posts", env=posts_env))
        comments_env = env | {
            "DATELINE_COMMENTS_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/comments.db",
            "DATELINE_POSTS_URL": posts.url,
        }
        comments = opened.enter_context(running("comments", env=comments_env))
        proxies = {
            name: await opened.enter_async_context(fault_proxy(int(one.url.rpartition(":")[2])))
            for name, one in (("posts", posts), ("comments", comments))
        }
        urls = {f"DATELINE_{name.upper()}_URL": f"http://127.0.0.1:{proxy.port}" for name, proxy in proxies.items()}
        gateway = await asyncio.to_thread(opened.enter_context, running("gateway", env=env | urls))
        paths = await asyncio.to_thread(fill, gateway.url, secrets)
        session = await opened.enter_async_context(client())
        yield Bench([gateway.url + path for path in paths], proxies, session, rate)


if __name__ == "__main__":
    typer.run(main)
