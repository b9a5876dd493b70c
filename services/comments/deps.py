"""What the comments service's routes are given."""

from typing import Annotated

from fastapi import Depends, Request


async def _is_filtered(request: Request) -> bool:
    is_filtered: bool = request.state.is_filtered
    return is_filtered


async def _notifies(request: Request) -> bool:
    notifies: bool = request.state.notifies
    return notifies


async def _token_secret(request: Request) -> str:
    secret: str = request.state.token_secret
    return secret


FilterDep = Annotated[bool, Depends(_is_filtered)]
"""Whether the filter looks at new comments."""
NotifiesDep = Annotated[bool, Depends(_notifies)]
"""Whether readers can be told of replies by mail."""
TokenSecretDep = Annotated[str, Depends(_token_secret)]
"""What the links in mails are signed with."""
