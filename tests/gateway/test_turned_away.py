"""Refusals of those who are too many: copies of the first one, each under an id of its own, noted and counted."""

import asyncio
from typing import Any

import httpx
import pytest
import structlog

from services.cli.patient_protocol import PatientProtocol
from services.cli.ready_answers import ReadyAnswers
from tests.common.sockets import served
from tests.gateway.crowded import Crowded
from tests.gateway.reading import HTML, assert_problem


def told(answer: httpx.Response, *changing: str) -> tuple[Any, ...]:
    """All of it but its id, which is in it where it belongs, and headers that change."""
    request_id = answer.headers["X-Request-Id"]
    headers = [header for header in answer.headers.multi_items() if header[0] not in {"x-request-id", *changing}]
    assert answer.text.count(request_id) == 1
    return answer.status_code, sorted(headers), answer.text.replace(request_id, "")


@pytest.mark.parametrize(("path", "headers"), [("/a.html", HTML), ("/a.html", {}), ("/api/v1/articles", HTML)])
async def test_the_next_ones_are_told_what_the_first_was(path: str, headers: dict[str, str]) -> None:
    async with Crowded() as crowded:
        with structlog.testing.capture_logs() as events:
            answers = [await crowded.client.get(path, headers=headers) for _ in range(4)]
        first, *others = answers
        if path.startswith("/api/") or not headers:
            assert_problem(first, 503, "unavailable")
        assert (first.status_code, first.headers["Retry-After"]) == (503, "2")
        assert [told(one) for one in others] == [told(first)] * 3
        ids = [one.headers["X-Request-Id"] for one in answers]
        assert len({*ids}) == 4
        noted = [(one["request_id"], one["path"], one["status"]) for one in events if one["event"] == "request"]
        assert noted == [(one, path, 503) for one in ids]
        assert crowded.refused == {"reads": 4}
        (family,) = crowded.times.families()
        assert sum(one.value for one in family.samples if one.name.endswith("_count")) == 3, "the first is noted inside"


async def test_copies_look_the_same_on_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """They go there in ready bytes, as whatever is whole does."""
    ready, send = list[int](), ReadyAnswers.send

    def noted(answers: ReadyAnswers, cycle: Any, status: int, lines: bytes, body: bytes) -> bool:
        ready.append(status)
        return send(answers, cycle, status, lines, body)

    monkeypatch.setattr(ReadyAnswers, "send", noted)
    async with (
        Crowded() as crowded,
        served(crowded.app, http=PatientProtocol) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HTML) as reader,
    ):
        first, *others = [await reader.get("/a.html") for _ in range(3)]
    assert [told(one, "date") for one in others] == [told(first, "date")] * 2
    assert ready == [503]


async def test_what_is_no_read_or_has_no_limit_is_not_turned_away() -> None:
    async with Crowded() as crowded:
        assert (await crowded.client.get("/a")).status_code == 503
        writing = asyncio.create_task(crowded.client.post("/a", content=b"x"))
        alive = asyncio.create_task(crowded.client.get("/livez"))
        crowded.go.set()
        assert (await writing).status_code == (await alive).status_code == 200


async def test_a_head_request_is_refused_without_a_body() -> None:
    async with Crowded() as crowded:
        assert (await crowded.client.get("/a")).status_code == 503
        assert (await crowded.client.head("/a")).status_code == 503
        assert crowded.refused == {"reads": 2}
