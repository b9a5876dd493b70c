"""What the comments service's routes are given."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from msgspec import Struct

from services.comments.commands.address_hashes import AddressHashes
from services.comments.commands.judging import Origin
from services.comments.domain.edit_tokens import edit_token
from services.comments.domain.proofs import Challenge, Proofs
from services.comments.domain.voters import Voter
from services.comments.posts_service import PostsService
from services.comments.queries.blocks import KnownBlocks
from services.common.callers import Address, CallerAddress
from services.common.deps import ClockDep


class Tokens(Struct, frozen=True):
    """What commenters are handed: edit tokens, valid for the time of `window`, and challenges."""

    secret: str
    window: timedelta

    def edit_token(self, comment_id: int) -> str:
        return edit_token(comment_id, self.secret)

    def challenge(self, comment_id: int, version: int, now: datetime) -> Challenge:
        return Proofs(self.secret).challenge(comment_id, version, now)

    def proven(self, payload: str, now: datetime) -> tuple[int, int] | None:
        return Proofs(self.secret).proven(payload, now)


async def _is_filtered(request: Request) -> bool:
    is_filtered: bool = request.state.is_filtered
    return is_filtered


async def _tokens(request: Request) -> Tokens:
    tokens: Tokens = request.state.tokens
    return tokens


async def _origin(request: Request, address: CallerAddress, clock: ClockDep) -> Origin:
    return await origin_of(request.scope["state"], address, clock())


async def origin_of(state: Mapping[str, Any], address: Address | None, now: datetime) -> Origin:
    hashes: AddressHashes = state["address_hashes"]
    return Origin(address, await hashes.of(address, now))


async def _token_secret(request: Request) -> str:
    secret: str = request.state.token_secret
    return secret


async def _known_blocks(request: Request) -> KnownBlocks:
    known: KnownBlocks = request.state.known_blocks
    return known


async def _voter(request: Request, address: CallerAddress) -> Voter:
    return Voter(request.state.voters_key, address)


FilterDep = Annotated[bool, Depends(_is_filtered)]
"""Whether the filter looks at new comments."""
TokensDep = Annotated[Tokens, Depends(_tokens)]
OriginDep = Annotated[Origin, Depends(_origin)]


async def _posts(request: Request) -> PostsService:
    posts: PostsService = request.state.posts
    return posts


PostsDep = Annotated[PostsService, Depends(_posts)]
TokenSecretDep = Annotated[str, Depends(_token_secret)]
"""What the links in mails are signed with."""
KnownBlocksDep = Annotated[KnownBlocks, Depends(_known_blocks)]
VoterDep = Annotated[Voter, Depends(_voter)]
