"""What computed related posts cost: `python -m bench.related_cost DIR --posts 1000 --posts 100000 > TABLE.md`.

Keeps an archive of each size in DIR, filled on the first run, which goes on where it stopped. The posts service's own
job relates it; of more than 100,000 posts the lists of the first are left out, because making a million of them takes
hours, and what another publish costs hardly depends on them: it still looks for the 200 posts that are nearest and
compares itself with them, but finds their lists empty and enters more of them. Each run publishes some more posts.
SQLite only. CPU is that of the whole process, all threads; the machine should have nothing else to do.
"""

import asyncio
import random
import resource
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Annotated, Any, Final

import typer
from sqlalchemy import event, func, select

from bench.related_archive import fill, post_id, relate, settle, store
from bench.topics import article
from bench.vocabulary import SEED
from services.cli.progress import shown_progress
from services.common.database import Database, Reads, Writes
from services.common.migrate import migrate
from services.common.open_database import open_database, sqlite_url
from services.posts.app import MIGRATIONS
from services.posts.queries.related_candidates import docs_near
from services.posts.queries.related_docs import docs_of_posts
from services.posts.queries.related_index import languages
from services.posts.queries.related_lists import related_to
from services.posts.tables import posts

_WITH_LISTS: Final = 100_000
_PUBLISHED: Final = 200
_COUNTED: Final = 50
_READ: Final = 200
_TIMES: Final = 20
_HEADS: Final = (
    "posts",
    "CPU per publish p50 / p95",
    "candidates p50",
    "other lists changed, mean / most",
    "reading a list p50",
    "its statements",
    "memory before → after",
    "database",
)
_WATCHING: Final = (
    "CREATE TEMP TABLE seen (doc INTEGER PRIMARY KEY)",
    (
        "CREATE TEMP TRIGGER inserted AFTER INSERT ON main.related_lists "
        "BEGIN INSERT OR IGNORE INTO seen VALUES (NEW.doc); END"
    ),
    (
        "CREATE TEMP TRIGGER updated AFTER UPDATE ON main.related_lists "
        "BEGIN INSERT OR IGNORE INTO seen VALUES (NEW.doc); END"
    ),
    (
        "CREATE TEMP TRIGGER deleted AFTER DELETE ON main.related_lists "
        "BEGIN INSERT OR IGNORE INTO seen VALUES (OLD.doc); END"
    ),
)


@dataclass(slots=True)
class _Costs:
    """Times in milliseconds, memory in megabytes."""

    publish: list[float] = field(default_factory=list)
    candidates: list[float] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    statements: int = 0
    memory: tuple[float, float] = (0, 0)


def main(
    folder: Annotated[Path, typer.Argument(help="Where archives are kept.")],
    posts: Annotated[list[int], typer.Option(help="The size of an archive; may be given several times.")],
) -> None:
    print(f"| {' | '.join(_HEADS)} |\n|{' --- |' * len(_HEADS)}")
    for size in posts:
        path = folder / f"related-{size}" / "posts.db"
        costs = asyncio.run(_measure(path, size))
        print(f"| {' | '.join(_cells(size, costs, path.stat().st_size / 2**20))} |", flush=True)


def _cells(size: int, costs: _Costs, megabytes: float) -> list[str]:
    return [
        f"{size:,}",
        f"{_quantile(costs.publish, 0.5):.1f} / {_quantile(costs.publish, 0.95):.1f} ms",
        f"{_quantile(costs.candidates, 0.5):.1f} ms",
        f"{mean(costs.lists):.1f} / {max(costs.lists)}",
        f"{_quantile(costs.reading, 0.5):.3f} ms",
        f"{costs.statements}",
        "{:.0f} → {:.0f} MB".format(*costs.memory),
        f"{megabytes:,.0f} MB",
    ]


def _quantile(of: Sequence[float], share: float) -> float:
    return sorted(of)[min(int(len(of) * share), len(of) - 1)]


async def _measure(path: Path, size: int) -> _Costs:
    path.parent.mkdir(parents=True, exist_ok=True)
    database = await open_database(sqlite_url(path))
    try:
        await migrate(database, MIGRATIONS)
        with shown_progress() as progress:
            await fill(database, size, progress)
            await relate(database, progress, with_lists=size <= _WITH_LISTS)
        await settle(database)
        costs = _Costs()
        await _publish(database, size, _COUNTED)  # warms up
        before = _memory()
        costs.publish = await _publish(database, size, _PUBLISHED)
        costs.memory = before, _memory()
        costs.lists = await _lists_changed(database, size)
        newest = await _count(database)
        asked = [post_id(n) for n in random.Random(SEED).sample(range(newest - _PUBLISHED, newest), _READ)]
        costs.candidates = [await _timed_candidates(database, one) for one in asked]
        costs.statements, costs.reading = await _reading(database, path, asked)
        return costs
    finally:
        await database.close()


def _memory() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _count(database: Database) -> int:
    async with database.read() as reads:
        count: int = (await reads.execute(select(func.count()).select_from(posts))).scalar_one()
    return count


async def _publish(database: Database, size: int, count: int) -> list[float]:
    """CPU of the job until nothing is left to do, after each one."""
    took, first = list[float](), await _count(database)
    for n in range(first, first + count):
        await database.write(partial(store, made={n: article(n, size)}))
        begun = time.process_time()
        await settle(database)
        took.append((time.process_time() - begun) * 1_000)
    return took


async def _lists_changed(database: Database, size: int) -> list[int]:
    """After each publish, lists but its own of which a row was written or deleted."""
    await database.write(_watch)
    counts = list[int]()
    for _ in range(_COUNTED):
        await _publish(database, size, 1)
        counts.append(await database.write(_seen))
    return counts


async def _watch(writes: Writes) -> None:
    for statement in _WATCHING:
        await writes.exec_driver_sql(statement)


async def _seen(writes: Writes) -> int:
    (count,) = (await writes.exec_driver_sql("SELECT count(*) FROM seen")).one()
    await writes.exec_driver_sql("DELETE FROM seen")
    return max(int(count) - 1, 0)


async def _timed_candidates(database: Database, of: int) -> float:
    async def near(reads: Reads) -> float:
        docs, known = await docs_of_posts(reads, [of]), await languages(reads)
        begun = time.process_time()
        await docs_near(reads, {doc.doc: doc for doc in docs.values()}, known)
        return (time.process_time() - begun) * 1_000

    return await database.look(near)


async def _reading(database: Database, path: Path, asked: Sequence[int]) -> tuple[int, list[float]]:
    """Statements of one reading, and what each reading takes in SQLite itself."""
    sent = list[tuple[str, Any]]()

    @event.listens_for(database.engines()[-1], "before_cursor_execute")
    def on_execute(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    took, most = list[float](), 0
    driver = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for one in asked:
        sent.clear()
        async with database.read() as reads:
            await related_to(reads, one, computed=True, most=5)
        statements, most = list(sent), max(most, len(sent))
        begun = time.perf_counter()
        for _ in range(_TIMES):
            for statement, parameters in statements:
                driver.execute(statement, parameters).fetchall()
        took.append((time.perf_counter() - begun) / _TIMES * 1_000)
    driver.close()
    return most, took


if __name__ == "__main__":
    typer.run(main)
