"""Services let in only each other, and trust each other's word on whom a call is for."""

import httpx
import pytest
from fastapi import APIRouter
from starlette.middleware import Middleware

from services.common.callers import (
    ANONYMOUS,
    PRINCIPAL_HEADER,
    SCOPES_HEADER,
    CallerPrincipal,
    Principal,
    caller_headers,
    principal_headers,
)
from services.common.only_callers import OnlyCallers
from services.common.problems import Forbidden, Unauthorized
from tests.common.apps import client_of

SECRETS = {"gateway": "s3cret", "unset": ""}


def client() -> httpx.AsyncClient:
    router = APIRouter()

    @router.get("/whose")
    async def whose(principal: CallerPrincipal) -> list[str]:
        return [principal.name, *sorted(principal.scopes)]

    router.add_api_route("/followed", whose)
    also = {"/followed": {"follower": "an0ther"}}
    return client_of(router, middleware=[Middleware(OnlyCallers, secrets=SECRETS, also=also)])


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


@pytest.mark.parametrize(
    ("path", "caller", "secret", "status"),
    [
        ("/followed", "follower", "an0ther", 200),
        ("/followed", "gateway", "s3cret", 200),
        ("/followed", "follower", "s3cret", 401),
        ("/whose", "follower", "an0ther", 401),
        ("/nothing", "follower", "an0ther", 401),
        ("/nothing", "gateway", "s3cret", 404),
        ("/livez/", "follower", "an0ther", 401),
    ],
)
async def test_others_are_let_in_at_their_paths_alone(path: str, caller: str, secret: str, status: int) -> None:
    async with client() as service:
        assert (await service.get(path, headers=caller_headers(caller, secret))).status_code == status


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
