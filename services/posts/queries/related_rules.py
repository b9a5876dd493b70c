"""What an editor said of the related posts of one post."""

from sqlalchemy import select

from services.common.database import Reads
from services.posts.domain.related.rules import Rules
from services.posts.related_tables import related_choices, related_rules


async def rules_of(reads: Reads, post_id: int) -> Rules:
    query = select(related_rules.c.other_id, related_rules.c.rule).where(related_rules.c.post_id == post_id)
    rows = (await reads.execute(query.order_by(related_rules.c.position, related_rules.c.other_id))).all()
    choices = select(related_choices.c.computed, related_choices.c.shown).where(related_choices.c.post_id == post_id)
    choice = (await reads.execute(choices)).one_or_none()
    return Rules(
        pinned=[row.other_id for row in rows if row.rule == "pin"],
        forbidden=[row.other_id for row in rows if row.rule == "forbid"],
        computed=None if choice is None else choice.computed,
        shown=None if choice is None else choice.shown,
    )
