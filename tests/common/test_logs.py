"""What the logs say, as lines and as JSON, and what they never say."""

import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from fastapi import APIRouter, Request

from services.common.logs import LogFormat, set_up_logs
from tests.common.apps import client_of

router = APIRouter()
FORMATS: list[LogFormat] = ["lines", "json"]
LOCAL_VALUE = "value-of-a-local"
KEY = "dl_0a1b2c_topsecret_89abcdef"


@router.get("/fine/{name}")
async def fine(name: str) -> str:
    return name


@router.post("/posted")
async def posted(request: Request) -> int:
    return len(await request.body())


@router.get("/bug")
async def bug() -> None:
    local_secret = LOCAL_VALUE
    raise RuntimeError("broken on purpose", len(local_secret))


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """Logging is the process's own; it is as before after each test."""
    root, config = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**config)


async def logged(
    path: str, capsys: pytest.CaptureFixture[str], log_format: LogFormat, level: str = "info"
) -> list[str]:
    set_up_logs(log_format, level)
    async with client_of(router) as client:
        headers = {"Authorization": f"Bearer {KEY}", "Cookie": "session=topsecret", "X-Request-Id": "0" * 16}
        await client.get(path, headers=headers)
    out, err = capsys.readouterr()
    assert out == ""
    assert "topsecret" not in err
    return err.splitlines()


async def test_access_event_has_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = await logged("/fine/a%20b?key=topsecret&q=1", capsys, "json")
    event = json.loads(line)
    assert event.pop("took_ms") >= 0
    assert len(event.pop("request_id")) == 16
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "request",
        "level": "info",
        "service": "test",
        "method": "GET",
        "path": "/fine/a b",
        "status": 200,
    }


async def test_access_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = await logged("/fine/a?key=topsecret", capsys, "lines")
    assert all(part in line for part in ("GET", "/fine/a", "200", "test"))
    assert "?" not in line


@pytest.mark.parametrize("log_format", FORMATS)
async def test_path_cannot_forge_a_line(capsys: pytest.CaptureFixture[str], log_format: LogFormat) -> None:
    lines = await logged("/fine/a%0A2026-01-01%20forged%1B[2J%0Dline", capsys, log_format)
    assert len(lines) == 1
    assert "\x1b[2J" not in lines[0]
    assert "\r" not in lines[0]


@pytest.mark.parametrize("log_format", FORMATS)
async def test_bug_is_logged_without_values(capsys: pytest.CaptureFixture[str], log_format: LogFormat) -> None:
    """The traceback names the place; variables, which may hold keys, stay out of it."""
    text = "\n".join(await logged("/bug?key=topsecret", capsys, log_format))
    assert "broken on purpose" in text
    assert "test_logs.py" in text
    assert LOCAL_VALUE not in text


async def test_bug_has_the_id_of_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    events = [json.loads(line) for line in await logged("/bug", capsys, "json")]
    assert [event["event"] for event in events] == ["a bug", "request"]
    assert events[0]["request_id"] == events[1]["request_id"]
    assert events[0]["path"] == "/bug"
    assert events[1]["status"] == 500


async def test_body_that_is_too_large_is_no_bug(capsys: pytest.CaptureFixture[str]) -> None:
    """Else anybody could fill the logs with tracebacks."""
    set_up_logs("json", "info")
    async with client_of(router) as client:
        await client.post("/posted", content=b"a" * 100_000)
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(event["event"], event.get("status")) for event in events] == [("request", 413)]


async def test_level_leaves_out_what_is_below(capsys: pytest.CaptureFixture[str]) -> None:
    assert await logged("/fine/a", capsys, "json", "warning") == []
    assert len(await logged("/bug", capsys, "json", "warning")) == 1


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json", "info")
    logging.getLogger("httpx").info("a request to https://u:topsecret@host/")
    logging.getLogger("aiosqlite").debug("INSERT topsecret")
    logging.getLogger("uvicorn.error").warning("a %s", "warning")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line) | {"timestamp": ""} == {"event": "a warning", "level": "warning", "timestamp": ""}


def test_auto_is_json_away_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert not sys.stderr.isatty()
    set_up_logs("auto", "info")
    structlog.stdlib.get_logger("test").info("said", field="é")
    assert json.loads(capsys.readouterr().err)["event"] == "said"
