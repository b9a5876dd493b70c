"""What the comments service's routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.comments.queries.blocks import KnownBlocks


async def _is_filtered(request: Request) -> bool:
    is_filtered: bool = request.state.is_filtered
    return is_filtered


async def _known_blocks(request: Request) -> KnownBlocks:
    known: KnownBlocks = request.state.known_blocks
    return known


FilterDep = Annotated[bool, Depends(_is_filtered)]
"""Whether the filter looks at new comments."""
KnownBlocksDep = Annotated[KnownBlocks, Depends(_known_blocks)]
