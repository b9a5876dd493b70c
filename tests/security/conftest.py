"""Keeps logs of refused requests off the screen; drawn tracebacks of bugs cost seconds each."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _captured_logs() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield
