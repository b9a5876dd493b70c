"""`dateline key create`: the key alone on standard output, or a sentence."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, get_args

import anyio
import pytest

from services.cli.api import of_folder
from services.posts.domain.tokens import Token
from services.posts.schemas.keys import Scope
from tests.cli.conftest import Run


def test_key_is_alone_on_standard_output(run: Run, tmp_path: Path) -> None:
    result = run("key", "create", "--scopes", "posts:write,posts:publish", "--data", tmp_path / "fresh")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("\n")
    assert Token.parse(result.stdout.removesuffix("\n")) is not None
    assert (tmp_path / "fresh" / "posts.db").exists()


def test_key_may_do_what_it_was_made_for(run: Run, tmp_path: Path) -> None:
    key = run("key", "create", "--scopes", " posts:write , posts:publish,", "--note", "Ann's").stdout.strip()

    async def write_with_it() -> tuple[int, int]:
        post = {"title": "A", "body_html": "<p>b</p>"}
        async with of_folder(tmp_path / "data") as api:
            api.headers["Authorization"] = f"Bearer {key}"
            written = await api.post("/api/v1/posts", json=post)
            forbidden = await api.post("/api/v1/keys", json={"scopes": ["posts:write"]})
        return written.status_code, forbidden.status_code

    assert anyio.run(write_with_it) == (201, 403)


def test_every_key_is_another(run: Run) -> None:
    keys = {run("key", "create", "--scopes", ",".join(get_args(Scope))).stdout for _ in range(2)}
    assert len(keys) == 2


@pytest.mark.parametrize("scopes", ["posts:everything", "posts:write,admin", "", ",", "posts:write;posts:publish"])
def test_unknown_scope_is_a_sentence(run: Run, scopes: str) -> None:
    result = run("key", "create", "--scopes", scopes)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("dateline: The request is well formed")


class _OtherServer(BaseHTTPRequestHandler):
    """Something at the URL that is not Dateline: a proxy in front of nothing, or another site."""

    status, headers_sent, body = 502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_arguments: Any) -> None:
        """Nothing."""


@pytest.fixture
def other_server() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _OtherServer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (502, {"Content-Type": "text/html"}, b"<h1>Bad Gateway</h1>"),
        (301, {"Location": "https://blog.example/"}, b""),
        (200, {"Content-Type": "text/html"}, b"<h1>Another site</h1>"),
        (404, {"Content-Type": "application/json"}, b'{"detail": "Not Found"}'),
    ],
)
def test_other_server_is_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, other_server: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    for name, value in (("status", status), ("headers_sent", headers), ("body", body)):
        monkeypatch.setattr(_OtherServer, name, value)
    result = run("key", "create", "--scopes", "import:run", "--to", other_server)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("dateline: ")


@pytest.mark.parametrize(
    "form", ["http://127.0.0.1:{port}", "127.0.0.1:{port}", "http://[::1", "ftp://127.0.0.1:{port}"]
)
def test_silent_or_senseless_url_is_a_sentence(run: Run, form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = run("key", "create", "--scopes", "import:run", "--to", form.format(port=port))
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("dateline: ")


def test_wrong_setting_is_a_sentence(run: Run) -> None:
    result = run(
        "key", "create", "--scopes", "import:run", env={"DATELINE_POSTS_DATABASE_URL": "mysql://u:topsecret@h/d"}
    )
    assert (result.exit_code, result.stdout) == (1, "")
    assert "sqlite+aiosqlite:///" in result.stderr
    assert "topsecret" not in result.stderr
