"""Long computations amid reads."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from services.common.database import Reads
from services.common.units_of_work import here_of

T = TypeVar("T")


async def apart(reads: Reads, act: Callable[[], T]) -> T:
    """What it returns. Within `Database.look` alone: in a thread, unless the whole look is in one already."""
    return act() if here_of(reads) is not None else await asyncio.to_thread(act)
