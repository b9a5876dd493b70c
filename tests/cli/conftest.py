"""The `dateline` command inside the test's process, with logging and the environment put back afterwards."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from services.cli.main import app

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Runs a command in an empty folder, on a wide terminal without colours; what it raises is raised here."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        monkeypatch.delenv(name)
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    terminal = {"TERMINAL_WIDTH": "300", "COLUMNS": "300", "NO_COLOR": "1", "TERM": "dumb"}

    def invoke(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
        result = CliRunner().invoke(app, list(map(str, arguments)), env=terminal | (env or {}))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    yield invoke
    root.handlers[:], root.level = handlers, level
    structlog.configure(**config)
