"""Lists of words, links and addresses that moderators block."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from sqlalchemy import RowMapping

from services.comments.commands.blocks import BlockToAdd, add_block, delete_block
from services.comments.domain.block_values import block_value
from services.comments.errors import InvalidBlock
from services.comments.queries.blocks import all_blocks
from services.comments.schemas.blocks import BlockOut, BlocksOut, NewBlock
from services.common.callers import CallerPrincipal
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.ids import Id

router = APIRouter(prefix="/comments/blocks")


@router.get("")
async def list_blocks(principal: CallerPrincipal, database: DatabaseDep) -> BlocksOut:
    """All of them, newest first: no more are kept than one answer holds."""
    principal.require("comments:moderate")
    async with database.read() as reads:
        rows = await all_blocks(reads)
    return BlocksOut(items=[_block_out(row) for row in rows])


@router.post("", status_code=201)
async def create_block(
    given: NewBlock, principal: CallerPrincipal, database: DatabaseDep, ids: IdsDep, clock: ClockDep
) -> BlockOut:
    principal.require("comments:moderate")
    try:
        value = block_value(given.kind, given.value)
    except ValueError as exc:
        raise InvalidBlock(str(exc)) from exc
    new = BlockToAdd(given.kind, value, given.note, principal.name, clock())
    return _block_out(await database.write(lambda writes: add_block(writes, new, ids)))


@router.delete("/{block_id}", status_code=204)
async def remove_block(block_id: Id, principal: CallerPrincipal, database: DatabaseDep) -> None:
    principal.require("comments:moderate")
    await database.write(lambda writes: delete_block(writes, int(block_id)))


def _block_out(row: RowMapping | Mapping[str, Any]) -> BlockOut:
    return BlockOut(
        id=row["id"],
        kind=row["kind"],
        value=row["value"],
        note=row["note"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        hits=row["hits"],
        last_hit=row["last_hit_at"],
    )
