"""What moderators block, as rows and as the list that new comments are compared with."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct, field
from sqlalchemy import RowMapping, func, select

from services.comments.domain.blocks import Block, BlockList
from services.comments.tables import blocks
from services.common.database import Reads


class BlocksVersion(NamedTuple):
    """Another one for every list: a new block has a higher id than all that are there."""

    newest_block: int | None
    block_count: int


newest_block = select(func.max(blocks.c.id)).scalar_subquery().label("newest_block")
block_count = select(func.count()).select_from(blocks).scalar_subquery().label("block_count")
"""Both together are the version, for whoever asks for it in the same breath as for other things."""
_NO_BLOCKS: Final = BlocksVersion(None, 0)


class KnownBlocks(Struct):
    """The list as it was last read; a process has one."""

    version: BlocksVersion = _NO_BLOCKS
    block_list: BlockList = field(default_factory=BlockList)


async def blocks_version(reads: Reads) -> BlocksVersion:
    return BlocksVersion(*(await reads.execute(select(newest_block, block_count))).one())


async def block_list(reads: Reads, known: KnownBlocks, version: BlocksVersion) -> BlockList:
    """As the transaction sees it in which the version was asked for; read anew only when it is another one."""
    if known.version == version:
        return known.block_list
    query = select(blocks.c.id, blocks.c.kind, blocks.c.value).order_by(blocks.c.id)
    rows = (await reads.execute(query)).all()
    read = BlockList(Block(row.id, row.kind, row.value) for row in rows)
    known.version, known.block_list = BlocksVersion(rows[-1].id if rows else None, len(rows)), read
    return read


async def all_blocks(reads: Reads) -> Sequence[RowMapping]:
    """Newest first."""
    return (await reads.execute(select(blocks).order_by(blocks.c.id.desc()))).mappings().all()
