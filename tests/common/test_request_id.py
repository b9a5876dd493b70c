"""Every request has an id, told in the answer, the log and on to the next service."""

import asyncio
import re

import httpx
import pytest
from fastapi import APIRouter
from structlog.testing import capture_logs

from services.common.in_process import InProcessTransport
from services.common.outgoing import http_client
from services.common.request_id import HEADER, current_request_id
from tests.common.apps import app_of, client_of

OWN_FORM = re.compile(r"[0-9a-f]{16}")
router = APIRouter()


@router.get("/id")
async def tell_id() -> str:
    return current_request_id()


@router.get("/bug")
async def bug() -> None:
    raise KeyError("a bug")


async def test_each_request_has_an_id_of_its_own() -> None:
    async with client_of(router) as client:
        answers = await asyncio.gather(*(client.get("/id") for _ in range(20)))
    ids = {answer.headers[HEADER] for answer in answers}
    assert len(ids) == 20
    assert all(OWN_FORM.fullmatch(request_id) for request_id in ids)
    assert all(answer.json() == answer.headers[HEADER] for answer in answers)
    assert current_request_id() == "-"


@pytest.mark.parametrize("path", ["/bug", "/nowhere"])
async def test_error_tells_the_same_id_in_its_body_and_the_log(path: str) -> None:
    with capture_logs() as events:
        async with client_of(router) as client:
            answer = await client.get(path)
    assert {event["request_id"] for event in events} == {answer.headers[HEADER]}
    assert answer.json()["request_id"] == answer.headers[HEADER]


@pytest.mark.parametrize(("trust_caller", "taken_over"), [(True, True), (False, False)])
async def test_only_a_trusted_callers_id_is_taken_over(trust_caller: bool, taken_over: bool) -> None:
    given = "0123456789abcdef"
    async with client_of(router, trust_caller=trust_caller) as client:
        answer = await client.get("/id", headers={HEADER: given})
    assert (answer.headers[HEADER] == given) is taken_over
    assert OWN_FORM.fullmatch(answer.headers[HEADER])


@pytest.mark.parametrize("given", ["", "-", "0123456789ABCDEF", "0123456789abcdef0", "0123456789abcde\n", "é" * 16])
async def test_ids_of_another_form_are_never_taken_over(given: str) -> None:
    async with client_of(router, trust_caller=True) as client:
        answer = await client.get("/id", headers=[(HEADER.encode(), given.encode())])
    assert answer.headers[HEADER] != given
    assert OWN_FORM.fullmatch(answer.headers[HEADER])


async def test_id_travels_to_the_next_service() -> None:
    near = APIRouter()
    behind = InProcessTransport(app_of(router, trust_caller=True))

    @near.get("/through")
    async def through() -> list[str]:
        async with http_client("http://behind", timeout_s=5, transport=behind) as client:
            return [current_request_id(), (await client.get("/id")).json()]

    async with client_of(near) as client:
        answer: httpx.Response = await client.get("/through")
    assert answer.json() == [answer.headers[HEADER]] * 2
