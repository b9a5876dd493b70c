"""What the comments service's routes are given."""

from typing import Annotated

from fastapi import Depends, Request


async def _is_filtered(request: Request) -> bool:
    is_filtered: bool = request.state.is_filtered
    return is_filtered


FilterDep = Annotated[bool, Depends(_is_filtered)]
"""Whether the filter looks at new comments."""
