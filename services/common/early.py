"""Answers that a server may give before it takes a request apart: what an app offers it."""

from collections.abc import Callable
from typing import Any

EarlyAnswer = tuple[int, bytes, bytes]
"""A status, lines of headers, each ended by CRLF, and a body."""
Early = Callable[[bytes], EarlyAnswer | None]
"""Takes all that came of one request, which begins there; None for what is to be answered as any other."""


def early_of(app: Any) -> Early | None:
    """None of an app that offers no such thing."""
    early: Early | None = getattr(app, "early", None)
    return early
