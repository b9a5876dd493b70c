"""What editors laid down for the related posts of a post."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import select

from services.common.database import Reads
from services.posts.related_tables import related_choices, related_rules


class Rules(Struct, frozen=True):
    """Posts by id, pinned ones in their order. None: as the blog has it."""

    pinned: Sequence[int]
    forbidden: Sequence[int]
    computed: str | None
    shown: int | None


async def rules_of(reads: Reads, post_id: int) -> Rules:
    named = select(related_rules.c.other_id, related_rules.c.rule).where(related_rules.c.post_id == post_id)
    rows = (await reads.execute(named.order_by(related_rules.c.position))).all()
    chosen = select(related_choices.c.computed, related_choices.c.shown).where(related_choices.c.post_id == post_id)
    choice = (await reads.execute(chosen)).one_or_none()
    return Rules(
        [row.other_id for row in rows if row.rule == "pin"],
        [row.other_id for row in rows if row.rule == "forbid"],
        None if choice is None else choice.computed,
        None if choice is None else choice.shown,
    )
