"""What computed related posts cost: `python -m bench.related_cost DIR --posts 1000 --posts 100000 > TABLE.md`.

Keeps an archive of each size in DIR, filled on the first run by the posts service's own job, which goes on where it
stopped. A million posts are ten archives of 100,000 with other words as frequent, because the job takes hours.
Of more than 10,000 posts not all lists are made but those that count: each post is published once beforehand, the
lists of all posts near it are made, and it becomes a draft; then it is published again, and that is measured. Each run
publishes further posts. SQLite only. CPU is that of the whole process, all threads; the machine should be quiet.
"""

import random
import sqlite3
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Annotated, Any, Final

import typer
import uvloop
from sqlalchemy import event, func, select, update

from bench.related_archive import UNLISTED, fill, hide, post_id, relate, settle, show, store
from bench.related_million import multiply
from bench.topics import article
from bench.vocabulary import SEED
from services.cli.progress import shown_progress
from services.cli.running import everything_is_loaded
from services.common.database import Database, Reads, Writes
from services.common.migrate import migrate
from services.common.open_database import open_database, sqlite_url
from services.posts.app import MIGRATIONS
from services.posts.queries.related_candidates import Near, docs_near
from services.posts.queries.related_docs import docs_of_posts
from services.posts.queries.related_index import languages
from services.posts.queries.related_lists import related_to
from services.posts.queries.related_progress import SOON
from services.posts.related_tables import related_docs
from services.posts.tables import posts

_WITH_LISTS: Final = 10_000
_MULTIPLIED: Final = 100_000
_WARMING: Final = 10
_TIMES: Final = 20
_HEADS: Final = (
    "posts",
    "CPU per publish p50 / p95",
    "candidates p50",
    "other lists changed, mean / most",
    "reading a list p50, in so many statements",
    "memory before → after",
    "database",
)
_WATCHING: Final = (
    "CREATE TEMP TABLE seen (doc INTEGER PRIMARY KEY)",
    (
        "CREATE TEMP TRIGGER inserted AFTER INSERT ON main.related_lists "
        "BEGIN INSERT INTO seen SELECT NEW.doc WHERE NEW.doc NOT IN (SELECT doc FROM seen); END"
    ),
    (
        "CREATE TEMP TRIGGER updated AFTER UPDATE ON main.related_lists "
        "BEGIN INSERT INTO seen SELECT NEW.doc WHERE NEW.doc NOT IN (SELECT doc FROM seen); END"
    ),
    (
        "CREATE TEMP TRIGGER deleted AFTER DELETE ON main.related_lists "
        "BEGIN INSERT INTO seen SELECT OLD.doc WHERE OLD.doc NOT IN (SELECT doc FROM seen); END"
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
    publishes: Annotated[int, typer.Option(help="How many posts are published into each.")] = 200,
) -> None:
    print(f"| {' | '.join(_HEADS)} |\n|{' --- |' * len(_HEADS)}")
    for size in posts:
        path = _path(folder, size)
        costs = uvloop.run(_measure(folder, size, publishes))
        print(f"| {' | '.join(_cells(size, costs, path.stat().st_size / 2**20))} |", flush=True)


def _path(folder: Path, size: int) -> Path:
    return folder / f"related-{size}" / "posts.db"


def _cells(size: int, costs: _Costs, megabytes: float) -> list[str]:
    return [
        f"{size:,}",
        f"{_quantile(costs.publish, 0.5):.1f} / {_quantile(costs.publish, 0.95):.1f} ms",
        f"{_quantile(costs.candidates, 0.5):.1f} ms",
        f"{mean(costs.lists):.1f} / {max(costs.lists)}",
        f"{_quantile(costs.reading, 0.5):.3f} ms, {costs.statements}",
        "{:.0f} → {:.0f} MB".format(*costs.memory),
        f"{megabytes:,.0f} MB",
    ]


def _quantile(of: Sequence[float], share: float) -> float:
    return sorted(of)[min(int(len(of) * share), len(of) - 1)]


async def _measure(folder: Path, size: int, publishes: int) -> _Costs:
    database = await _archive(folder, size)
    try:
        first = await _count(database)
        numbers = range(first, first + _WARMING + publishes)
        if size > _WITH_LISTS:
            await _rehearse(database, size, numbers)
        everything_is_loaded()  # garbage is looked for as often as in a server
        costs = _Costs()
        await _publish(database, size, numbers[:_WARMING])
        before, half = _memory(), _WARMING + publishes // 2
        costs.publish = await _publish(database, size, numbers[_WARMING:half])
        costs.lists = await _lists_changed(database, size, numbers[half:])
        costs.memory = before, _memory()
        asked = [post_id(n) for n in random.Random(SEED).sample(numbers, len(numbers) // 2)]
        costs.candidates = [await database.look(partial(_candidates_ms, of=one)) for one in asked]
        costs.statements, costs.reading = await _reading(database, _path(folder, size), asked)
        return costs
    finally:
        await database.close()


async def _archive(folder: Path, size: int) -> Database:
    """Filled and related, but for lists that a rehearsal makes."""
    path = _path(folder, size)
    is_new = not path.exists()
    database = await open_database(sqlite_url(path))
    await migrate(database, MIGRATIONS)
    with shown_progress() as progress:
        if size > _MULTIPLIED and is_new:
            await database.close()
            await (await _archive(folder, _MULTIPLIED)).close()
            multiply(_path(folder, _MULTIPLIED), path, _MULTIPLIED, size // _MULTIPLIED, progress)
            database = await open_database(sqlite_url(path))
        await fill(database, size, progress)
        await relate(database, progress, with_lists=size <= _WITH_LISTS)
    return database


def _memory() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
    return kilobytes / 1024


async def _count(database: Database) -> int:
    async with database.read() as reads:
        count: int = (await reads.execute(select(func.count()).select_from(posts))).scalar_one()
    return count


async def _rehearse(database: Database, size: int, numbers: Sequence[int]) -> None:
    for n in numbers:
        await database.write(partial(store, made={n: article(n, size)}))
        await settle(database)
        near = await database.look(partial(_near, of=post_id(n)))
        await database.write(partial(_want_lists, docs=near.docs))
        await settle(database)
        await database.write(partial(hide, n=n))
        await settle(database)


async def _near(reads: Reads, of: int) -> Near:
    docs = await docs_of_posts(reads, [of])
    return await docs_near(reads, {doc.doc: doc for doc in docs.values()}, await languages(reads))


async def _want_lists(writes: Writes, docs: Collection[int]) -> None:
    """Those that are not made yet."""
    unmade = related_docs.c.doc.in_(docs), related_docs.c.least == UNLISTED
    await writes.execute(update(related_docs).where(*unmade).values(wants=SOON))


async def _publish(database: Database, size: int, numbers: Sequence[int]) -> list[float]:
    """CPU of the job until nothing is left to do, after each one."""
    took, known = list[float](), await _count(database)
    for n in numbers:
        is_draft = n < known
        await database.write(partial(show, n=n) if is_draft else partial(store, made={n: article(n, size)}))
        begun = time.process_time()
        await settle(database)
        took.append((time.process_time() - begun) * 1_000)
    return took


async def _lists_changed(database: Database, size: int, numbers: Sequence[int]) -> list[int]:
    """After each publish, lists but its own of which a row was written or deleted."""
    await database.write(_watch)
    counts = list[int]()
    for n in numbers:
        await _publish(database, size, [n])
        counts.append(await database.write(_seen))
    return counts


async def _watch(writes: Writes) -> None:
    for statement in _WATCHING:
        await writes.exec_driver_sql(statement)


async def _seen(writes: Writes) -> int:
    (count,) = (await writes.exec_driver_sql("SELECT count(*) FROM seen")).one()
    await writes.exec_driver_sql("DELETE FROM seen")
    return max(int(count) - 1, 0)


async def _candidates_ms(reads: Reads, of: int) -> float:
    begun = time.process_time()
    await _near(reads, of)
    return (time.process_time() - begun) * 1_000


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
            await related_to(reads, one, has_computed=True, most=5)
        statements = [one for one in sent if one[0] != "BEGIN"]
        most = max(most, len(statements))
        begun = time.perf_counter()
        for _ in range(_TIMES):
            for statement, parameters in statements:
                driver.execute(statement, parameters).fetchall()
        took.append((time.perf_counter() - begun) / _TIMES * 1_000)
    driver.close()
    return most, took


if __name__ == "__main__":
    typer.run(main)
