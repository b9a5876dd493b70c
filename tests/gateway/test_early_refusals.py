"""Refusals before a request is taken apart: like those behind, and of nothing but ordinary reads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import httptools
import pytest
import structlog
from hypothesis import event, given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from services.cli.patient_protocol import PatientProtocol
from services.common.app import FrontedApp
from services.common.early import EarlyAnswer
from services.common.request_times import RequestTimes
from services.gateway.admission import Gates
from services.gateway.early_refusals import EarlyRefusals
from services.gateway.pages.problems import wants_html
from services.gateway.refusals import Refusals
from tests.common.apps import app_of
from tests.common.sockets import served
from tests.databases import SqliteFiles
from tests.gateway.caching import cache_of, caching_stack, settled
from tests.gateway.crowded import Crowded

REFUSED = b"HTTP/1.1 503 Service Unavailable\r\n"
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def get(target: str = "/a.html", *more: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/{version}", "Host: x", *more, "", ""]).encode()


class Front:
    """Goes before the app, as the page cache does."""

    def __init__(self, app: FrontedApp, *, has_it: bool) -> None:
        self._app = app
        self._has_it = has_it
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await self._app.inside(scope, receive, send)

    def may_answer(self, _path: str, _query: bytes) -> bool:
        return self._has_it


@asynccontextmanager
async def crowded_server() -> AsyncIterator[tuple[Crowded, Connection]]:
    """One that has refused before, and a connection to it."""
    async with Crowded() as crowded, served(crowded.app, http=PatientProtocol) as port:
        for path in ("/first", "/api/first"):
            assert (await crowded.client.get(path)).status_code == 503
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(5):
            yield crowded, (reader, writer)
        writer.close()


async def answer_to(connection: Connection, request: bytes) -> tuple[bytes, bytes]:
    reader, writer = connection
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head, await reader.readexactly(0 if request.startswith(b"HEAD") else length)


@pytest.mark.parametrize("more", [(), ("Connection: keep-alive",), ("Accept: text/html", "Accept-Encoding: br")])
@pytest.mark.parametrize("target", ["/", "/2026/11/a.html", "/a.html?m=1&q=%41", "/api/v1/articles"])
async def test_ordinary_reads_never_reach_the_app(target: str, more: tuple[str, ...]) -> None:
    async with crowded_server() as (crowded, connection):
        if "Accept: text/html" in more:
            await answer_to(connection, get(target, *more))
        before = crowded.refused["reads"]
        front = crowded.app.front = Front(crowded.app, has_it=False)
        with structlog.testing.capture_logs() as events:
            answers = [await answer_to(connection, get(target, *more)) for _ in range(2)]
        for head, body in answers:
            request_id = head.split(b"x-request-id: ")[1].split(b"\r\n")[0]
            assert head.startswith(REFUSED)
            assert b"retry-after: 2\r\n" in head
            assert request_id in body
        is_page = "Accept: text/html" in more and not target.startswith("/api/")
        assert (b"text/html" in answers[0][0]) is is_page
        assert [(one["path"], one["status"]) for one in events] == [(target.partition("?")[0], 503)] * 2
        assert crowded.refused["reads"] == before + 2
        assert front.asked == 0


async def test_what_the_front_may_answer_reaches_it() -> None:
    async with crowded_server() as (crowded, connection):
        front = crowded.app.front = Front(crowded.app, has_it=True)
        for _ in range(2):
            assert (await answer_to(connection, get()))[0].startswith(REFUSED)
        assert front.asked == 2


@pytest.mark.parametrize(
    "request_",
    [
        get(method="HEAD"),
        get("/a.html", "Connection: close"),
        get(version="1.0"),
        get("/a.html", "Expect: 100-continue"),
        get("/a%2Eb.html"),
        get("/a.html", "X-Large: " + "x" * 10_000),
    ],
)
async def test_what_is_particular_is_refused_by_the_app(request_: bytes) -> None:
    async with crowded_server() as (crowded, connection):
        front = crowded.app.front = Front(crowded.app, has_it=False)
        head, _ = await answer_to(connection, request_)
        assert head.startswith(REFUSED)
        assert front.asked == 1
        closes = b"Connection: close" in request_ or b"HTTP/1.0" in request_
        assert (b"connection: close" in head) is closes
        if not closes:
            assert (await answer_to(connection, get()))[0].startswith(REFUSED)


@pytest.mark.parametrize("request_", [get("http://x/a.html"), get("a.html"), b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_what_is_no_plain_path_is_the_servers_to_judge(request_: bytes) -> None:
    async with crowded_server() as (_, (reader, writer)):
        writer.write(request_)
        assert (await reader.readline()).startswith((b"HTTP/1.1 400", b"HTTP/1.1 503"))


async def test_what_has_no_limit_is_answered() -> None:
    async with crowded_server() as (crowded, (reader, writer)):
        writer.write(get("/livez"))
        crowded.go.set()
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"


async def test_many_at_once_and_pieces_of_one_are_the_servers() -> None:
    async with crowded_server() as (_, (reader, writer)):
        writer.write(get() + get("/b.html"))
        for _ in range(2):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(REFUSED)
            await reader.readuntil(b"}")
        writer.write(b"GET /c.html HT")
        await asyncio.sleep(0.05)
        writer.write(b"TP/1.1\r\nX-Inner: ")
        await asyncio.sleep(0.05)
        writer.write(get("/d.html"))  # a value and the end of the first one
        assert (await reader.readuntil(b"\r\n\r\n")).startswith((REFUSED, b"HTTP/1.1 400"))


async def test_a_body_that_goes_on_after_its_answer_is_no_request() -> None:
    """What it holds was written by whoever sent it, not by who has the connection."""
    async with crowded_server() as (crowded, (reader, writer)):
        before = crowded.refused["reads"]
        writer.write(get("/a.html", "Content-Length: 500", "Content-Encoding: gzip", method="POST"))
        assert (await reader.readline()).startswith(b"HTTP/1.1 415")
        await reader.readuntil(b"}")
        writer.write(get("/inner.html"))
        await asyncio.sleep(0.1)
        assert crowded.refused["reads"] == before


async def test_pages_that_are_kept_are_answered_though_it_is_crowded(
    sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with caching_stack(sqlite_files, tmp_path) as stack, served(stack.gateway, http=PatientProtocol) as port:
        path = (await stack.post())["path"]
        await settled(stack)
        assert (await stack.reader.get(path)).status_code == 200
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        host = stack.reader.base_url.netloc
        requests = [get(one).replace(b"Host: x", b"Host: " + host) for one in ("/other", "/other", path)]
        reads = cast("EarlyRefusals", cast("FrontedApp", stack.gateway.app).early)._refusals._reads
        monkeypatch.setattr(reads, "_free", 0)
        monkeypatch.setattr(reads, "_most_waiting", 0)
        answers = [await answer_to((reader, writer), request) for request in requests]
        assert [head.split(b"\r\n")[0] for head, _ in answers] == [REFUSED[:-2], REFUSED[:-2], b"HTTP/1.1 200 OK"]
        assert b"cache-status: dateline; hit" in answers[2][0].lower()
        counts = cache_of(stack)._store.counts
        assert (counts.misses, counts.hits) == (2, 1), "the second refusal is an early one"
        writer.close()


async def test_once_there_is_room_nobody_is_refused() -> None:
    async with crowded_server() as (crowded, connection):
        assert (await answer_to(connection, get()))[0].startswith(REFUSED)
        crowded.go.set()
        await asyncio.sleep(0.1)
        assert (await answer_to(connection, get()))[0].startswith(b"HTTP/1.1 200 OK\r\n")


class Seen:
    """What a parser of HTTP finds, as its callbacks tell."""

    def __init__(self, data: bytes) -> None:
        self.url, self.complete, self.names = b"", 0, list[bytes]()
        self.parser = httptools.HttpRequestParser(self)
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, _value: bytes) -> None:
        self.names.append(name.lower())

    def on_message_complete(self) -> None:
        self.complete += 1


GOOD_TARGET, GOOD_VERSION, GOOD_END = b"/a.html", b" HTTP/1.1\r\n", b"\r\n"
TARGETS = [b"/?q=1", b"/", b"/a%20b", b"//x", b"/a#f", b"/a b", b"a", b"http://x/", b""]
VERSIONS = [b" HTTP/1.0\r\n", b" HTTP/1.1\n", b"\r\n", b" HTTP/1.1 \r\n"]
PLAIN = [b"Host: x\r\n", b"Accept:text/html\r\n", b"connection: keep-alive\r\n", b"X-Empty:\r\n", b"X: \x80\r\n"]
ODD = [
    *(b"Connection: close\r\n", b"Connection: keep-alive, close\r\n", b"Upgrade: h2c\r\n", b"Expect: 100-continue\r\n"),
    *(b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Length : 5\r\n", b" folded\r\n"),
    *(b"X y: z\r\n", b"X: a\rb\r\n", b"X: a\nb\r\n", b"X: \0\r\n", b"\r\n", b"GET /b HTTP/1.1\r\n", b"hello\r\n"),
]
heads = st.builds(
    lambda target, version, headers, end: b"GET " + target + version + b"".join(headers) + end,
    st.just(GOOD_TARGET) | st.sampled_from(TARGETS),
    st.just(GOOD_VERSION) | st.sampled_from(VERSIONS),
    st.lists(st.sampled_from(PLAIN) | st.sampled_from(PLAIN) | st.sampled_from(ODD), min_size=1, max_size=3),
    st.just(GOOD_END) | st.sampled_from([b"", b"\r\nhello"]),
)


class Willing(Refusals):
    """Refuses whatever it is asked to, and says which path that was."""

    def __init__(self) -> None:
        super().__init__(Gates(1, 64), None, RequestTimes("test"))

    @property
    def are_due(self) -> bool:
        return True

    def copy(self, path: str, *, wants_page: bool) -> EarlyAnswer:
        return wants_page, path.encode(), b""


refuses = EarlyRefusals(app_of(), Willing(), wants_html)


@given(heads)
@settings(max_examples=500)
def test_only_what_a_parser_takes_for_one_whole_ordinary_read_is_refused_early(data: bytes) -> None:
    answer = refuses(data)
    event(f"refused: {answer is not None}")
    if answer is not None:
        seen = Seen(data)
        assert seen.complete == 1
        assert (seen.parser.get_method(), seen.parser.get_http_version()) == (b"GET", "1.1")
        assert seen.parser.should_keep_alive()
        assert not seen.parser.should_upgrade()
        assert httptools.parse_url(seen.url).path == answer[1]
        assert not {b"content-length", b"transfer-encoding", b"expect"} & {*seen.names}
