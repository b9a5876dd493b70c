"""The Idempotency-Key header: what is taken, and what of the request it stands for."""

from typing import Any

import httpx
import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from services.common.callers import PRINCIPAL_HEADER
from services.common.deps import IdempotencyDep
from services.common.idempotency import KEPT
from tests.common.apps import client_of

router = APIRouter()
HASH = 64


class Thing(BaseModel):
    name: str


@router.post("/things")
@router.put("/things")
async def write_thing(thing: Thing, token: IdempotencyDep) -> list[str]:
    return [thing.name] if token is None else [thing.name, token.key_hash, token.fingerprint]


@router.post("/bare")
async def write_bare(token: IdempotencyDep) -> list[str]:
    return [] if token is None else ["", token.key_hash, token.fingerprint]


async def sent(
    key: bytes | None, *, method: str = "POST", path: str = "/things", body: Any = None, name: str = "key:1"
) -> httpx.Response:
    headers: dict[bytes, bytes] = {PRINCIPAL_HEADER.encode(): name.encode()}
    headers |= {} if key is None else {b"Idempotency-Key": key}
    async with client_of(router) as client:
        return await client.request(method, path, headers=headers, json=body or {"name": "n"})


async def test_no_key_no_token() -> None:
    assert (await sent(None)).json() == ["n"]


@pytest.mark.parametrize("key", [b"!", b"~" * 255, b'"8e03978e-40d5-43dd-bc93-6894a57f9324"', b"a,b"])
async def test_visible_ascii_is_a_key(key: bytes) -> None:
    name, key_hash, fingerprint = (await sent(key)).json()
    assert (name, len(key_hash), len(fingerprint)) == ("n", HASH, HASH)
    assert key.decode() not in key_hash + fingerprint


@pytest.mark.parametrize("key", [b"", b"a" * 256, b"a b", b"a\tb", b"\xe9", b"caf\xc3\xa9", b"a\x7f"])
async def test_anything_else_is_invalid(key: bytes) -> None:
    answer = await sent(key)
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == ["Idempotency-Key"]
    assert answer.json()["type"] == "urn:dateline:problem:invalid"


async def test_two_keys_are_invalid() -> None:
    async with client_of(router) as client:
        answer = await client.post("/bare", headers=[("Idempotency-Key", "a"), ("Idempotency-Key", "b")])
    assert answer.status_code == 422


async def test_token_tells_callers_keys_and_requests_apart() -> None:
    same = (await sent(b"k")).json()
    assert (await sent(b"k")).json() == same
    assert (await sent(b"l")).json()[1] != same[1]
    assert (await sent(b"k", name="key:2")).json()[1] != same[1]
    others = [
        await sent(b"k", body={"name": "m"}),
        await sent(b"k", method="PUT"),
        await sent(b"k", path="/things?a=b"),
        await sent(b"k", path="/bare"),
    ]
    assert all(other.json()[1] == same[1] for other in others)
    assert len({same[2], *(other.json()[2] for other in others)}) == 5


def test_promise_is_a_day() -> None:
    assert KEPT.total_seconds() == 24 * 60 * 60
