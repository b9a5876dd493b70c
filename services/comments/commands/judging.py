"""Judges a comment that was written or changed, by all that is known here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from services.comments.commands.blocks import count_hits
from services.comments.commands.ready_comment import ReadyComment
from services.comments.domain.addresses import Address
from services.comments.domain.blocks import reasons
from services.comments.domain.judgement import Circumstances, Found, Judgement, Policy, find, judge
from services.comments.domain.look_alikes import skeleton
from services.comments.domain.signals import signals
from services.comments.queries.blocks import BlocksVersion, KnownBlocks, block_list
from services.comments.queries.judging import is_known, learnt, times_said_and_staff_name
from services.common.database import Writes


class Origin(Struct, frozen=True):
    """Where a comment comes from. `address_hashes` are of its network, the present one first."""

    address: Address | None
    address_hashes: tuple[str, ...]


UNKNOWN: Final = Origin(None, ())


async def judged(
    writes: Writes,
    ready: ReadyComment,
    rules: Mapping[str, Any],
    origin: Origin,
    known_blocks: KnownBlocks,
    now: datetime,
    *,
    own_id: int | None = None,
) -> Judgement:
    """`rules` are of its thread; `own_id` is its own, where it is there already. Counts the hits of blocks."""
    version = BlocksVersion(rules["newest_block"], rules["block_count"])
    blocked = await block_list(writes, known_blocks, version)
    if met := blocked.matches(ready.said, origin.address, origin.address_hashes):
        await count_hits(writes, met, now)
        return Judgement("spam", tuple(reasons(met)))
    policy = Policy(rules["moderation"], rules["moderation_days"])
    known = policy.moderation != "first_time" or await is_known(writes, ready.author_name, own_id)
    found = await _found(writes, ready, now, own_id, has_learnt=rules["last_learnt"] is not None)
    return judge(policy, Circumstances(known, rules["published_at"], now), found)


async def _found(
    writes: Writes, ready: ReadyComment, now: datetime, own_id: int | None, *, has_learnt: bool
) -> Found | None:
    if ready.features is None:
        return None
    times_said, staff_name = await times_said_and_staff_name(
        writes, ready.text_hash, skeleton(ready.author_name or ""), now, own_id
    )
    pushes = tuple(signals(ready.facts, times_said, staff_name))
    changes = await learnt(writes, ready.features.slots) if has_learnt else {}
    return find(ready.features, changes, pushes)
