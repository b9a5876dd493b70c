"""Whether reading costs alike in small and large archives: `python -m bench.reads DIR_OR_URL…`, the smallest first."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer

from bench.archive import database_url
from bench.measured import Costs, measure, services
from bench.requests import KINDS, Kind
from services.common.logs import set_up_logs

_TOO_MUCH: Final = 1.3


def main(
    archives: Annotated[list[str], typer.Argument(help="Folders of `bench.archive`, or URLs; the smallest first.")],
    rounds: Annotated[int, typer.Option(help="Requests of each kind to each archive.")] = 200,
    only: Annotated[str, typer.Option(help="A pattern of the kinds to measure.")] = "",
) -> None:
    """Prints a Markdown table on standard output."""
    set_up_logs("auto", "error")
    asyncio.run(_run(archives, rounds, [kind for kind in KINDS if re.search(only, kind.name)]))


async def _run(archives: list[str], rounds: int, kinds: list[Kind]) -> None:
    print(_line(["request", "queries", "items", *(f"{_name(one)}, ms" for one in archives), "ratio"]))
    print(_line(["---"] * (len(archives) + 4)))
    with tempfile.TemporaryDirectory() as secrets:
        async with services([database_url(one) for one in archives], Path(secrets)) as running:
            for kind in kinds:
                print(_line(_cells(kind, await measure(running, kind, rounds))))
                sys.stdout.flush()


def _name(archive: str) -> str:
    return archive.rstrip("/").split("?")[0].rsplit("/", 1)[-1]


def _cells(kind: Kind, costs: list[Costs]) -> list[str]:
    ratio = costs[-1].quantile(0.5) / costs[0].quantile(0.5)
    return [
        f"{kind.name} (hard)" if kind.is_hard else kind.name,
        _once([str(cost.queries) for cost in costs]),
        _once([f"{cost.items:.0f}" for cost in costs]),
        *(f"{cost.quantile(0.5):.1f} / {cost.quantile(0.99):.1f}" for cost in costs),
        f"**{ratio:.2f}**" if ratio > _TOO_MUCH else f"{ratio:.2f}",
    ]


def _once(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else "/".join(values)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    typer.run(main)
