"""Judges a comment that was written or changed, by all that is known here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from services.comments.commands.blocks import count_hits
from services.comments.commands.ready_comment import ReadyComment
from services.comments.domain.addresses import Address
from services.comments.domain.blocks import reasons
from services.comments.domain.judgement import Circumstances, Found, Judgement, Policy, find, judge
from services.comments.domain.signals import signals
from services.comments.queries.blocks import BlocksVersion, KnownBlocks, block_list
from services.comments.queries.judging import Clues, is_known, learnt
from services.common.database import Writes


class Origin(Struct, frozen=True):
    """Where a comment comes from. `address_hashes` are of its network, the present one first."""

    address: Address | None
    address_hashes: tuple[str, ...]


UNKNOWN: Final = Origin(None, ())


def clues(
    ready: ReadyComment, *, own_id: int | None = None, address_hashes: Sequence[str] = (), most_times: int = 0
) -> Clues:
    return Clues(ready.text_hash, ready.name_skeleton, own_id, address_hashes, most_times)


async def judged(
    writes: Writes,
    ready: ReadyComment,
    known: Mapping[str, Any],
    origin: Origin,
    known_blocks: KnownBlocks,
    now: datetime,
    *,
    own_id: int | None = None,
) -> Judgement:
    """`known` as `known_before` tells it. Counts the hits of blocks."""
    version = BlocksVersion(known["newest_block"], known["block_count"])
    blocked = await block_list(writes, known_blocks, version)
    if met := blocked.matches(ready.said, origin.address, origin.address_hashes):
        await count_hits(writes, met, now)
        return Judgement("spam", tuple(reasons(met)))
    policy = Policy(known["moderation"], known["moderation_days"])
    is_no_stranger = policy.moderation != "first_time" or await is_known(writes, ready.author_name, own_id)
    found = await _found(writes, ready, known)
    return judge(policy, Circumstances(is_no_stranger, known["published_at"], now), found)


async def _found(writes: Writes, ready: ReadyComment, known: Mapping[str, Any]) -> Found | None:
    if ready.features is None:
        return None
    pushes = tuple(signals(ready.facts, known["times_said"], known["staff_name"]))
    changes = {} if known["last_learnt"] is None else await learnt(writes, ready.features.slots)
    return find(ready.features, changes, pushes)
