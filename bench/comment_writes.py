"""How fast comments are written: `python -m bench.comment_writes DIR`, alone on a machine.

32 posters at a time, with one commit a comment and with commits in groups: bare rows in the database, the comments
service without its network, and the whole of Dateline through a socket, in one process and in three. All but the rows
have filter and quotas on; each poster writes from ever other networks under ever other articles, so that no quota is
met.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Annotated, Final

import httpx
import typer
import uvloop

from bench.posters import HttpPoster, live_articles
from bench.serving import Server, dateline, three_services
from services.cli.started import started
from services.comments.app import MIGRATIONS, create_app
from services.comments.settings import CommentsSettings
from services.comments.tables import changes
from services.common import group_commit
from services.common.callers import caller_headers
from services.common.changes import Change, append_changes
from services.common.clock import utc_now
from services.common.database import Writes
from services.common.in_process import InProcessTransport
from services.common.logs import set_up_logs
from services.common.migrate import migrate
from services.common.open_database import open_database
from services.common.secret_files import load_or_create_secret

POSTERS: Final = 32
_CREATED: Final = 201
_AS_THEY_COME: Final = ("comment_filter", "comment_quota", "article_quota")
Post = Callable[[int], Awaitable[None]]
_WORDS: Final = "the harbor was full of boats and we waited for the tide to turn before the light went".split()


def main(
    folder: Annotated[Path, typer.Argument(help="Where databases are made: on the disk that is to be measured.")],
    seconds: Annotated[float, typer.Option(help="For each figure.")] = 8,
) -> None:
    """Prints a Markdown table on standard output."""
    set_up_logs("auto", "error")
    print("| written | one commit each, /s | in groups, /s | ratio | in groups: p50 / p99, ms |")
    print("| --- | --- | --- | --- | --- |")
    measures = (
        ("bare rows", _rows),
        ("comments, service alone", _service),
        ("comments, one process", _one_process),
        ("comments, three processes", _three_processes),
    )
    for name, measure in measures:
        found = []
        for most in (1, group_commit.MAX_GROUP):
            with tempfile.TemporaryDirectory(dir=folder) as place:
                found.append(uvloop.run(measure(Path(place), most, seconds)))
        alone, grouped = (len(times) / seconds for times in found)
        cuts = quantiles(found[1], n=100)
        print(f"| {name} | {alone:.0f} | {grouped:.0f} | {grouped / alone:.1f} | {cuts[49]:.1f} / {cuts[98]:.1f} |")


async def _rows(folder: Path, most: int, seconds: float) -> list[float]:
    database = await open_database(f"sqlite+aiosqlite:///{folder}/comments.db")
    await migrate(database, MIGRATIONS)

    async def work(writes: Writes, number: int) -> None:
        await append_changes(writes, changes, [Change("comment.created", number, 1, ("thread:1",))], utc_now())

    async def post(number: int) -> None:
        await database.write(partial(work, number=number), is_short=True)

    try:
        return await _posted(post, most, seconds)
    finally:
        await database.close()


async def _service(folder: Path, most: int, seconds: float) -> list[float]:
    url = f"sqlite+aiosqlite:///{folder}/comments.db"
    settings = CommentsSettings.load(comments_database_url=url, secrets=folder, log_level="error")
    secret = caller_headers("gateway", load_or_create_secret(folder, "gateway"))
    nobody = httpx.MockTransport(lambda _: httpx.Response(503))
    async with started(create_app(settings, transports={"posts": nobody})) as app:
        await app.state["database"].write(_open_to_all)
        transport = InProcessTransport(app.app, app.state)

        async def post(number: int) -> None:
            sent = {
                "post_id": 1 + number % 500,
                "body": json.dumps(comment(number)),
                "request_id": f"{number:016x}",
                "address": network(number),
                "idempotency_key": f"k{number}",
            }
            request = httpx.Request("POST", "http://comments/comments", json=[sent], headers=secret)
            answer = await transport.handle_async_request(request)
            assert json.loads(await answer.aread())[0]["status"] == _CREATED

        return await _posted(post, most, seconds)


async def _open_to_all(writes: Writes) -> None:
    await writes.exec_driver_sql("UPDATE posts_feed SET moderation = 'none'")


async def _one_process(folder: Path, most: int, seconds: float) -> list[float]:
    with dateline(folder, settings(), most=most, is_free=True) as server:
        return await _through_gateway(server, folder, seconds)


async def _three_processes(folder: Path, most: int, seconds: float) -> list[float]:
    with three_services(folder, settings(), most=most, is_free=True) as servers:
        return await _through_gateway(servers["gateway"], folder, seconds)


def settings() -> dict[str, str]:
    """Filter and quotas as they come."""
    given = {f"DATELINE_{name.upper()}": str(CommentsSettings.model_fields[name].default) for name in _AS_THEY_COME}
    return given | {"DATELINE_LOG_LEVEL": "error", "DATELINE_TRUSTED_PROXIES": "127.0.0.1"}


async def _through_gateway(server: Server, folder: Path, seconds: float) -> list[float]:
    articles = await live_articles(server.url, folder / "secrets", 500)
    idle = [HttpPoster(server.url) for _ in range(POSTERS)]

    async def post(number: int) -> None:
        poster = idle.pop()
        headers = {"X-Forwarded-For": network(number), "Idempotency-Key": f"k{number}"}
        await poster.post(f"/api/v1/articles/{articles[number % len(articles)]}/comments", comment(number), headers)
        idle.append(poster)

    return await _posted(post, group_commit.MAX_GROUP, seconds)


async def _posted(post: Post, most: int, seconds: float) -> list[float]:
    """How many milliseconds each took, once it is warm."""
    before, group_commit.MAX_GROUP = group_commit.MAX_GROUP, most
    numbers, took = iter(range(10**9)), list[float]()
    warm_at = time.perf_counter() + 1.5

    async def poster() -> None:
        while (begun := time.perf_counter()) < warm_at + seconds:
            await post(next(numbers))
            if begun >= warm_at:
                took.append((time.perf_counter() - begun) * 1000)

    try:
        await asyncio.gather(*(poster() for _ in range(POSTERS)))
    finally:
        group_commit.MAX_GROUP = before
    return took


def comment(number: int) -> dict[str, str]:
    return {"body": text(number), "author_name": f"Reader {number % 1000}"}


def network(number: int) -> str:
    return f"{11 + number // 65536}.{number // 256 % 256}.{number % 256}.7"


def text(number: int) -> str:
    """Ham of some twenty words, different each time."""
    return " ".join(Random(number).choices(_WORDS, k=20))


if __name__ == "__main__":
    typer.run(main)
