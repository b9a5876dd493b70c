"""The Idempotency-Key header of a request, as a route is given it."""

import hashlib
import re
from typing import Annotated, Final

from fastapi import Depends, Request

from services.common.callers import CallerPrincipal, Principal
from services.common.header_lines import headers_of
from services.common.idempotency import KEY_HEADER, IdempotencyToken
from services.common.problems import Invalid

_HEADER: Final = KEY_HEADER.lower().encode()
_KEY: Final = re.compile(r"[!-~]{1,255}")


async def _token(request: Request, principal: CallerPrincipal) -> IdempotencyToken | None:
    return idempotency_token(request, principal, await request.body())


def idempotency_token(request: Request, principal: Principal, body: bytes) -> IdempotencyToken | None:
    """None without a key; raises Invalid for one that is empty, too long, or there twice."""
    keys = [key.decode("latin-1") for key in headers_of(request.scope["headers"], _HEADER)]
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        detail = "Must be one key of 1 to 255 visible ASCII characters."
        raise Invalid([{"parameter": KEY_HEADER, "detail": detail}])
    line = f"{request.method} {request.scope['path']}?{request.scope['query_string'].decode('latin-1')}"
    return token_for(principal.name, keys[0], line, body)


def token_for(principal: str, key: str, request_line: str, body: bytes) -> IdempotencyToken:
    """Hashes, so that the table holds nothing of what was sent and its rows are small."""
    return IdempotencyToken(
        key_hash=_sha256(f"{principal}\0{key}".encode()), fingerprint=_sha256(request_line.encode() + b"\0" + body)
    )


def _sha256(what: bytes) -> str:
    return hashlib.sha256(what).hexdigest()


IdempotencyDep = Annotated[IdempotencyToken | None, Depends(_token)]
