"""Words, links and addresses that moderators block."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from services.common.ids import Id
from services.common.problems import NotFound
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import BLOCK, BLOCKS, example
from services.gateway.responses import OWN_LIST, WRITE, problem_responses
from services.gateway.schemas.blocks import Block, BlockList, NewBlock

router = APIRouter(prefix="/api/v1/comments/blocks", tags=["moderation"], dependencies=[Depends(json_only)])
BlockId = Annotated[Id, Path(description="The block's id, a decimal string.", examples=["912677723929508001"])]


@router.get(
    "",
    operation_id="listBlocks",
    summary="All that is blocked, newest first, with its hits; needs comments:moderate",
    responses={200: example(BLOCKS), **OWN_LIST},
)
async def list_blocks(forwarder: ForwarderDep, principal: PrincipalDep) -> BlockList:
    principal.require("comments:moderate")
    return await forwarder.read_comments("/comments/blocks", principal, BlockList)


@router.post(
    "",
    operation_id="createBlock",
    summary="Block words, a link or an address in new comments; needs comments:moderate",
    status_code=201,
    responses={201: example(BLOCK), **WRITE},
)
async def create_block(given: NewBlock, forwarder: ForwarderDep, principal: PrincipalDep) -> Block:
    principal.require("comments:moderate")
    return await forwarder.to_comments("/comments/blocks", given, principal, Block)


@router.delete(
    "/{block_id}",
    operation_id="deleteBlock",
    summary="Block it no more; needs comments:moderate",
    status_code=204,
    responses=WRITE | problem_responses(NotFound),
)
async def delete_block(block_id: BlockId, forwarder: ForwarderDep, principal: PrincipalDep) -> None:
    principal.require("comments:moderate")
    await forwarder.delete_from_comments(f"/comments/blocks/{block_id}", principal)
