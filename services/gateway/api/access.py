"""Who calls the API: everybody anonymously, programs with a key as a bearer token."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.common.callers import ANONYMOUS, Principal
from services.common.header_lines import header_of
from services.gateway.deps import ForwarderDep, require_media_type

_bearer = HTTPBearer(
    scheme_name="ApiKey",
    description="An API key, made by `dateline key create` or `POST /api/v1/keys`.",
    auto_error=False,
)


async def _principal(
    forwarder: ForwarderDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Principal:
    return await forwarder.principal(credentials.credentials if credentials is not None else None)


async def principal_of(request: Request) -> Principal:
    """Raises Unauthorized for a key that is not valid; without a key it is the anonymous reader."""
    if not header_of(request.scope["headers"], b"authorization"):
        return ANONYMOUS
    return await _principal(request.state.forwarder, await _bearer(request))


async def json_only(request: Request) -> None:
    """Raises UnsupportedMediaType for a body of another kind: forms of other sites cannot send application/json."""
    if request.method not in {"GET", "HEAD"}:
        require_media_type(request, "application/json")


PrincipalDep = Annotated[Principal, Depends(_principal)]
"""Raises Unauthorized for a key that is not valid; without a key it is the anonymous reader."""
