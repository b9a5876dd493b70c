"""Judges a comment that was written or changed, by all that is known here."""

from datetime import datetime

from sqlalchemy import RowMapping

from services.comments.commands.ready_comment import ReadyComment
from services.comments.domain.judgement import Circumstances, Found, Judgement, Policy, find, judge
from services.comments.domain.look_alikes import skeleton
from services.comments.domain.signals import signals
from services.comments.queries.judging import is_known, learnt, times_said_and_staff_name
from services.common.database import Writes


async def judged(
    writes: Writes, ready: ReadyComment, rules: RowMapping, now: datetime, own_id: int | None = None
) -> Judgement:
    """`rules` are of its thread; `own_id` is its own, where it is there already."""
    policy = Policy(rules["moderation"], rules["moderation_days"])
    known = policy.moderation != "first_time" or await is_known(writes, ready.author_name, own_id)
    return judge(policy, Circumstances(known, rules["published_at"], now), await _found(writes, ready, now, own_id))


async def _found(writes: Writes, ready: ReadyComment, now: datetime, own_id: int | None) -> Found | None:
    if ready.features is None:
        return None
    times_said, staff_name = await times_said_and_staff_name(
        writes, ready.text_hash, skeleton(ready.author_name or ""), now, own_id
    )
    pushes = tuple(signals(ready.facts, times_said, staff_name))
    return find(ready.features, await learnt(writes, ready.features.slots), pushes)
