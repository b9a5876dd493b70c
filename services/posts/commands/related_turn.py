"""Lets units of work that were prepared outside their transaction hold only if nothing came between."""

from typing import Any

from sqlalchemy import RowMapping, update

from services.common.database import Writes
from services.posts.related_tables import related_state


class LostTurnError(RuntimeError):
    """Another process did a unit of work meanwhile: this one is begun anew."""


async def take_turn(writes: Writes, state: RowMapping, **changed: Any) -> None:
    """`state` is the row that was read before. Raises LostTurnError."""
    mine = update(related_state).where(related_state.c.turn == state["turn"])
    taken = await writes.execute(mine.values(turn=state["turn"] + 1, **changed))
    if taken.rowcount != 1:
        raise LostTurnError
