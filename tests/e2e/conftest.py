"""One server for the tests that only need some server: to start one takes longer than most of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.processes import Running, running


@dataclass(frozen=True)
class Served:
    """A running server and the folder that it has open."""

    server: Running
    data: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served")
    with running("serve", "--data", data) as server:
        yield Served(server, data)
