"""API keys: issued once, checked on every write."""

import hmac
from functools import partial

from fastapi import APIRouter

from services.common.callers import CallerPrincipal
from services.common.deps import ClockDep, DatabaseDep
from services.common.problems import NotFound
from services.posts.commands.keys import issue_key
from services.posts.domain.tokens import Token
from services.posts.queries.keys import valid_key_by_id
from services.posts.schemas.keys import CheckedKey, KeyOut, KeyToCheck, NewKey

router = APIRouter(prefix="/keys")


@router.post("", status_code=201)
async def create_key(new: NewKey, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep) -> KeyOut:
    principal.require("keys:admin")
    token, now = Token.new(), clock()
    await database.write(partial(issue_key, new=new, token=token, now=now))
    return KeyOut(
        id=token.key_id, key=str(token), scopes=sorted(new.scopes), note=new.note, created=now, expires=new.expires
    )


@router.post("/check")
async def check_key(given: KeyToCheck, database: DatabaseDep, clock: ClockDep) -> CheckedKey:
    token = Token.parse(given.key)
    if token is not None:
        async with database.read() as reads:
            key = await valid_key_by_id(reads, token.key_id, clock())
        if key is not None and hmac.compare_digest(key["secret_hash"], token.secret_hash):
            return CheckedKey(principal=f"key:{token.key_id}", scopes=key["scopes"].split())
    raise NotFound("The API key is not known, has expired or was revoked.")
