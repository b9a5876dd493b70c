"""Adds to what is blocked, takes from it, counts what it met."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, select, update

from services.comments.domain.block_values import Kind
from services.comments.domain.blocks import MAX_BLOCKS, Block
from services.comments.domain.said import Said
from services.comments.errors import BlockExists, BlockNotFound, TooManyBlocks
from services.comments.queries.blocks import KnownBlocks, block_list, blocks_version
from services.comments.tables import blocks
from services.common.database import Writes
from services.common.ids import IdSource
from services.common.locks import hold_lock
from services.common.upsert import insert_missing


class BlockToAdd(Struct, frozen=True):
    """`value` as `block_value` gives it."""

    kind: Kind
    value: str
    note: str
    made_by: str
    made_at: datetime


async def add_block(writes: Writes, new: BlockToAdd, ids: IdSource) -> Mapping[str, Any]:
    """Returns its row; raises TooManyBlocks and BlockExists."""
    await hold_lock(writes, "blocks")
    newest, count = await blocks_version(writes)
    if count >= MAX_BLOCKS:
        raise TooManyBlocks
    row = {
        "id": max(ids(), (newest or 0) + 1),  # the version of the list rests on it
        "kind": new.kind,
        "value": new.value,
        "note": new.note,
        "made_by": new.made_by,
        "made_at": new.made_at,
        "hits": 0,
        "last_hit_at": None,
    }
    if not await insert_missing(writes, blocks, [row], on=("kind", "value")):
        raise BlockExists
    return row


async def delete_block(writes: Writes, block_id: int) -> None:
    """Raises BlockNotFound."""
    deleted = await writes.execute(delete(blocks).where(blocks.c.id == block_id).returning(blocks.c.id))
    if deleted.one_or_none() is None:
        raise BlockNotFound


async def met_blocks(
    writes: Writes,
    known: KnownBlocks,
    said: Said,
    address: IPv4Address | IPv6Address | None,
    address_hashes: Collection[str],
    now: datetime,
) -> Sequence[Block]:
    """What a new comment has of all that is blocked at this moment, counted."""
    blocked = await block_list(writes, known, await blocks_version(writes))
    found = blocked.matches(said, address, address_hashes)
    await count_hits(writes, found, now)
    return found


async def count_hits(writes: Writes, found: Sequence[Block], now: datetime) -> None:
    """Of one comment."""
    if not found:
        return
    met = select(blocks.c.id).where(blocks.c.id.in_([block.block_id for block in found]))
    # in the order of ids, so that two comments cannot wait for each other
    held = met.order_by(blocks.c.id).with_for_update()
    await writes.execute(update(blocks).where(blocks.c.id.in_(held)).values(hits=blocks.c.hits + 1, last_hit_at=now))
