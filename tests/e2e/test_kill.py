"""What was acknowledged survives kill -9, once, on both databases. `bench/kill_rounds.py` does it a hundred times."""

from pathlib import Path
from random import Random

from tests.databases import Databases, SqliteFiles
from tests.e2e.stored_comments import survived


async def test_every_acknowledged_write_survives_kill(databases: Databases, tmp_path: Path) -> None:
    phases = ["writing", "stopping"] if isinstance(databases, SqliteFiles) else ["writing"]
    history = await survived(databases, tmp_path, phases, Random(1))  # noqa: S311 nothing secret
    assert len(history.stored) > 10
    assert history.repeated > 0
