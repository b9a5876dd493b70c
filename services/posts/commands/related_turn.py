"""Lets units of work that were prepared outside their transaction hold only if nothing came between."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, update

from services.common.database import Writes
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.related_tables import related_state

_KEPT: Final = ("next_doc", "next_term", "swept_at")
_TAKE: Final = Prepared(
    lambda _: (
        update(related_state)
        .where(related_state.c.turn == bindparam("seen", type_=Int64))
        .values(turn=related_state.c.turn + 1)
        .values({name: bindparam(f"new_{name}", type_=related_state.c[name].type) for name in _KEPT})
        .returning(related_state.c.turn)
    )
)


class LostTurnError(RuntimeError):
    """Another process did a unit of work meanwhile: this one is begun anew."""


async def take_turn(writes: Writes, state: Mapping[str, Any], **changed: Any) -> None:
    """`state` is the row that was read before. Raises LostTurnError."""
    new = {f"new_{name}": changed.get(name, state[name]) for name in _KEPT}
    if await _TAKE.first(writes, seen=state["turn"], **new) is None:
        raise LostTurnError
