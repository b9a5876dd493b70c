"""Kills a server in the middle of writes, a hundred times: `python -m bench.kill_rounds --rounds 100`.

Eight writers comment, answer, edit, delete and remove; what had no answer is repeated after the next start. In the
end nothing that was acknowledged is lost or doubled, and counts, pages and the change feed agree.
"""

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Annotated, Literal

import typer

from tests.databases import Databases, PostgresServer, SqliteFiles
from tests.e2e.kill_rounds import PHASES
from tests.e2e.stored_comments import survived


def main(
    rounds: Annotated[int, typer.Option(help="How many kills.")] = 100,
    database: Annotated[Literal["sqlite", "postgresql"], typer.Option(help="Where comments are kept.")] = "sqlite",
    seed: Annotated[int, typer.Option(help="Of what is written and of when it is killed.")] = 1,
) -> None:
    databases: SqliteFiles | PostgresServer = SqliteFiles() if database == "sqlite" else PostgresServer()
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(_report(databases, Path(folder), rounds, Random(seed)))
    finally:
        databases.close()


async def _report(databases: Databases, folder: Path, rounds: int, chance: Random) -> None:
    began = time.monotonic()
    phases = chance.choices(PHASES, weights=[1, 4, 1], k=rounds)
    history = await survived(databases, folder, phases, chance)
    print(f"{rounds} kills in {time.monotonic() - began:.0f} s:", dict(history.kills))
    print(
        f"{len(history.stored)} comments acknowledged and there once, changed since:", Counter(history.changed.values())
    )
    print(f"{history.repeated} writes without an answer were repeated")


if __name__ == "__main__":
    typer.run(main)
