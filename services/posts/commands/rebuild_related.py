"""Has the job that relates posts begin anew: a step marks posts to be read, the last one has all of them weighed.

What is shown stays until something better is made. All marks are rows, so that a crash interrupts nothing but the
marking, and the job goes on by itself.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, union, update

from services.common.cursors import decode_bytes, encode_bytes
from services.common.database import Writes
from services.common.problems import Invalid
from services.posts.commands.owe_related import owe_related
from services.posts.related_tables import related_docs, related_languages
from services.posts.tables import posts

_STEP: Final = 1000
_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class RebuildCursor:
    """The place after a post."""

    post_id: int = 0

    def encode(self) -> str:
        return encode_bytes(self.post_id.to_bytes(_BYTES))

    @classmethod
    def decode(cls, text: str) -> "RebuildCursor":
        """Raises Invalid for what is no place."""
        found = decode_bytes(text)
        if len(found) != _BYTES or found[0] > 0x7F:  # noqa: PLR2004 ids have 63 bits
            raise Invalid([{"pointer": "/cursor", "detail": "Pass next_cursor back unchanged."}])
        return cls(int.from_bytes(found))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    done: int
    following: RebuildCursor | None


async def rebuild_step(writes: Writes, after: RebuildCursor) -> Rebuilt:
    """Posts in any state, and those that are only known here: whatever changed unseen is found."""
    known = [
        select(column).where(column > after.post_id).order_by(column).limit(_STEP).subquery()
        for column in (posts.c.id, related_docs.c.post_id)
    ]
    either = union(*(select(one) for one in known)).subquery()
    found = (await writes.execute(select(either.c[0]).order_by(either.c[0]).limit(_STEP))).scalars().all()
    await owe_related(writes, found)
    if len(found) == _STEP:
        return Rebuilt(len(found), RebuildCursor(found[-1]))
    anew = {"generation": related_languages.c.generation + 1, "weighed_posts": related_languages.c.posts}
    await writes.execute(update(related_languages).values(anew))
    return Rebuilt(len(found), None)
