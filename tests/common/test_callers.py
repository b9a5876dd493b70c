"""Services let in only each other, and trust each other's word on whom a call is for."""

import httpx
import pytest
from fastapi import APIRouter, Depends

from services.common.callers import (
    ANONYMOUS,
    PRINCIPAL_HEADER,
    SCOPES_HEADER,
    CallerPrincipal,
    Principal,
    caller_headers,
    principal_headers,
    require_caller,
)
from services.common.problems import Forbidden, Unauthorized
from tests.common.apps import client_of

SECRETS = {"gateway": "s3cret", "unset": ""}


def client() -> httpx.AsyncClient:
    router = APIRouter(dependencies=[Depends(require_caller(SECRETS))])

    @router.get("/whose")
    async def whose(principal: CallerPrincipal) -> list[str]:
        return [principal.name, *sorted(principal.scopes)]

    return client_of(router)


async def test_caller_with_its_secret_is_let_in() -> None:
    async with client() as service:
        answer = await service.get("/whose", headers=caller_headers("gateway", "s3cret"))
    assert (answer.status_code, answer.json()) == (200, ["anonymous"])


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Dateline",
        "Dateline gateway",
        "Dateline gateway:",
        "Dateline gateway:s3cre",
        "Dateline gateway:s3cretx",
        "Dateline Gateway:s3cret",
        "Dateline :s3cret",
        "Dateline unset:",
        "Dateline nobody:",
        "Dateline nobody:s3cret",
        "Bearer gateway:s3cret",
        "dateline gateway:s3cret\xff",
    ],
)
async def test_everybody_else_is_not(authorization: str | None) -> None:
    headers = {} if authorization is None else {b"Authorization": authorization.encode("latin-1")}
    async with client() as service:
        answer = await service.get("/whose", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "s3cret" not in answer.text


@pytest.mark.parametrize("principal", [ANONYMOUS, Principal("key:12", frozenset({"posts:write", "import:run"}))])
async def test_principal_travels(principal: Principal) -> None:
    headers = caller_headers("gateway", "s3cret") | principal_headers(principal)
    assert set(principal_headers(principal)) == {PRINCIPAL_HEADER, SCOPES_HEADER}
    async with client() as service:
        answer = await service.get("/whose", headers=headers)
    assert answer.json() == [principal.name, *sorted(principal.scopes)]


def test_principal_with_the_scopes_may() -> None:
    principal = Principal("key:1", frozenset({"posts:write", "posts:publish"}))
    principal.require()
    principal.require("posts:write")
    principal.require("posts:write", "posts:publish")


def test_principal_without_a_scope_is_told_which() -> None:
    with pytest.raises(Forbidden, match=r"lacks the scope import:run and keys:admin\."):
        Principal("key:1", frozenset({"posts:write"})).require("posts:write", "import:run", "keys:admin")


def test_anonymous_reader_is_asked_for_a_key() -> None:
    """Whatever scopes it claims."""
    for nobody in (ANONYMOUS, Principal("anonymous", frozenset({"posts:write"}))):
        with pytest.raises(Unauthorized, match="API key"):
            nobody.require("posts:write")
