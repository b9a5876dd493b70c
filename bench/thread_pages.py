"""What a page of a thread costs, short or long: `python -m bench.thread_pages DIR`.

Threads of 50, 1,000, 10,000 and 100,000 comments stand in one SQLite database, replies three deep among them. Each kind
of page is asked of the comments service, turn by turn.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Final

import httpx
import typer

from services.cli.started import started
from services.comments.app import create_app
from services.comments.commands.store_comments import store_comments
from services.comments.domain.bodies import render_body
from services.comments.domain.store import CommentToStore
from services.comments.domain.thread_order import Place, place
from services.comments.settings import CommentsSettings
from services.common.callers import caller_headers
from services.common.database import Database
from services.common.in_process import InProcessTransport
from services.common.logs import set_up_logs
from services.common.secret_files import load_or_create_secret

SIZES: Final = (50, 1_000, 10_000, 100_000)
_BATCH: Final = 1_000
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)


def main(
    folder: Annotated[Path, typer.Argument(help="Where the database is made.")],
    rounds: Annotated[int, typer.Option(help="Pages of each kind.")] = 100,
) -> None:
    """Prints a Markdown table on standard output: medians in milliseconds."""
    set_up_logs("auto", "error")
    with tempfile.TemporaryDirectory(dir=folder) as place_:
        asyncio.run(_measure(Path(place_), rounds))


async def _measure(folder: Path, rounds: int) -> None:
    url = f"sqlite+aiosqlite:///{folder}/comments.db"
    settings = CommentsSettings.load(comments_database_url=url, secrets=folder, log_level="error")
    nobody = httpx.MockTransport(lambda _: httpx.Response(503))
    async with started(create_app(settings, transports={"posts": nobody})) as app:
        for size in SIZES:
            await _fill(app.state["database"], size)
        secret = caller_headers("gateway", load_or_create_secret(folder, "gateway"))
        transport = InProcessTransport(app.app, app.state)
        async with httpx.AsyncClient(transport=transport, base_url="http://comments", headers=secret) as client:
            print(f"| page of 50 | {' | '.join(f'{size:,}' for size in SIZES)} | ratio |")
            print("| --- |" + " --- |" * (len(SIZES) + 1))
            for order in ("oldest", "newest"):
                for name, params in (("first", {}), ("around a comment", {"show": True})):
                    await _print_row(client, f"{order} first, {name}", {"order": order, **params}, rounds)


async def _print_row(client: httpx.AsyncClient, name: str, params: dict[str, Any], rounds: int) -> None:
    took: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(rounds):
        for size in SIZES:
            asked = params | {"limit": 50} | ({"show": size * 10**6 + size // 2} if "show" in params else {})
            begun = time.perf_counter()
            answer = await client.get(f"/threads/{size}", params=asked)
            took[size].append((time.perf_counter() - begun) * 1000)
            assert answer.json()["count"] == size, answer.text
    found = [median(took[size]) for size in SIZES]
    print(f"| {name} | {' | '.join(f'{one:.1f}' for one in found)} | {found[-1] / found[0]:.2f} |")


async def _fill(database: Database, size: int) -> None:
    body, parents = render_body("A comment of some length, as they are.", "text"), list[tuple[int, Place]]()
    for start in range(0, size, _BATCH):
        batch = []
        for number in range(start, min(start + _BATCH, size)):
            level = number % 4  # each fourth stands at the top, the others answer what came before
            comment_id, at = size * 10**6 + number, _START + timedelta(seconds=number)
            parent = parents[-1] if level else None
            own = place(parent[1] if parent else None, at, comment_id)
            parents = [(comment_id, own)]
            parent_id = parent[0] if parent else None
            batch.append(CommentToStore(comment_id, size, parent_id, own, "live", "Ann", None, body, "b", "text", at))
        await database.write(partial(store_comments, new=batch, now=_START))


if __name__ == "__main__":
    typer.run(main)
