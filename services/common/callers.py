"""Who calls a service: another service by its secret, on behalf of a principal with scopes."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import AF_INET, inet_pton
from typing import Annotated, Final

from fastapi import Depends, Request
from msgspec import Struct

from services.common.header_lines import header_of
from services.common.problems import Forbidden, Unauthorized

PRINCIPAL_HEADER: Final = "X-Dateline-Principal"
ADDRESS_HEADER: Final = "X-Dateline-Address"
SCOPES_HEADER: Final = "X-Dateline-Scopes"
SCHEME: Final = "Dateline"
_PRINCIPAL, _ADDRESS, _SCOPES = (name.lower().encode() for name in (PRINCIPAL_HEADER, ADDRESS_HEADER, SCOPES_HEADER))
Address = IPv4Address | IPv6Address


class Principal(Struct, frozen=True):
    """On whose behalf a call is made: `anonymous`, `operator` or `key:ID`, and what that one may do."""

    name: str
    scopes: frozenset[str]

    def require(self, *scopes: str) -> None:
        """Raises Unauthorized for the anonymous reader, Forbidden naming the scopes that a key lacks."""
        if self.name == ANONYMOUS.name:
            raise Unauthorized("Send an API key as a bearer token.")
        missing = [scope for scope in scopes if scope not in self.scopes]
        if missing:
            raise Forbidden(f"The API key lacks the scope {' and '.join(missing)}.")


ANONYMOUS: Final = Principal("anonymous", frozenset())


def caller_headers(caller: str, secret: str) -> dict[str, str]:
    """What a service sends to prove who it is."""
    return {"Authorization": f"{SCHEME} {caller}:{secret}"}


def principal_headers(principal: Principal) -> dict[str, str]:
    return {PRINCIPAL_HEADER: principal.name, SCOPES_HEADER: " ".join(sorted(principal.scopes))}


def principal_of(request: Request) -> Principal:
    name = header_of(request.scope["headers"], _PRINCIPAL).decode("latin-1")
    scopes = header_of(request.scope["headers"], _SCOPES).decode("latin-1")
    return Principal(name or ANONYMOUS.name, frozenset(scopes.split()))


def parsed_address(text: str) -> Address:
    """Raises ValueError. As `ip_address`, which takes four times as long for what most are."""
    try:
        return IPv4Address(inet_pton(AF_INET, text))
    except OSError:
        return ip_address(text)


def address_of(request: Request) -> Address | None:
    given = header_of(request.scope["headers"], _ADDRESS)
    return parsed_address(given.decode("latin-1")) if given else None


async def _principal(request: Request) -> Principal:
    return principal_of(request)


async def _address(request: Request) -> Address | None:
    return address_of(request)


CallerPrincipal = Annotated[Principal, Depends(_principal)]
"""The principal that a trusted caller vouches for."""
CallerAddress = Annotated[Address | None, Depends(_address)]
"""The client's address that a trusted caller vouches for."""
