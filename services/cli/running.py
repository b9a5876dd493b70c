"""Runs the asynchronous part of a command."""

import gc
from collections.abc import Coroutine
from typing import Any


def run_async(work: Coroutine[Any, Any, None]) -> None:
    """Runs to the end on uvloop."""
    import uvloop

    uvloop.run(work)


def everything_is_loaded() -> None:
    """What was made until now stays to the end; garbage is looked for in what comes."""
    gc.freeze()
    gc.enable()
