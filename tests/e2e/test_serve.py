"""`dateline serve` and the services alone, as an operator starts and stops them."""

import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.e2e.conftest import Served
from tests.e2e.processes import dateline, free_port, running

_A_MOMENT_S = 0.005


def test_demo_fills_an_empty_folder_once(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    with running("serve", "--demo", "--data", data) as server, httpx.Client(base_url=server.url) as client:
        first = client.get("/api/v1/articles", params={"limit": 100}).json()["items"]
        assert len(first) >= 12
        assert server.stop() == 0
    with running("serve", "--demo", "--data", data) as server, httpx.Client(base_url=server.url) as client:
        again = client.get("/api/v1/articles", params={"limit": 100}).json()["items"]
    assert [item["id"] for item in again] == [item["id"] for item in first]
    assert not (data / ".filling-with-demo").exists()


def test_port_in_use_is_said_in_a_sentence(served: Served, tmp_path: Path) -> None:
    port = httpx.URL(served.server.url).port
    ended = dateline("serve", "--data", tmp_path, "--port", str(port))
    assert ended.returncode == 1
    assert f"Port {port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_folder_in_use_is_said_in_a_sentence(served: Served) -> None:
    ended = dateline("serve", "--data", served.data, "--port", str(free_port()))
    assert ended.returncode == 1
    assert "posts.db is open in another process" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_key_is_made_while_a_server_has_the_folder(served: Served) -> None:
    made = dateline("key", "create", "--scopes", "posts:write,posts:publish", "--data", served.data)
    assert made.returncode == 0, made.stderr
    (key,) = made.stdout.splitlines()
    post = {"title": "Hi", "body_markdown": "*x*"}
    written = httpx.post(f"{served.server.url}/api/v1/posts", json=post, headers={"Authorization": f"Bearer {key}"})
    assert written.status_code == 201
    assert written.json()["body_html"] == "<p><em>x</em></p>\n"


def test_three_processes_serve_as_one(tmp_path: Path) -> None:
    shared = {"DATELINE_SECRETS": str(tmp_path / "secrets")}
    posts_env = shared | {"DATELINE_POSTS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/posts.db"}
    comments_env = shared | {"DATELINE_COMMENTS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/comments.db"}
    with ExitStack() as opened:
        posts = opened.enter_context(running("posts", env=posts_env))
        comments_env |= {"DATELINE_POSTS_URL": posts.url}
        comments = opened.enter_context(running("comments", env=comments_env))
        gateway_env = shared | {"DATELINE_POSTS_URL": posts.url, "DATELINE_COMMENTS_URL": comments.url}
        with running("gateway", "--workers", "2", env=gateway_env) as gateway:
            made = dateline("key", "create", "--scopes", "posts:write,posts:publish", "--to", gateway.url, env=shared)
            key = made.stdout.strip()
            with httpx.Client(base_url=gateway.url, headers={"Authorization": f"Bearer {key}"}) as client:
                post = client.post("/api/v1/posts", json={"title": "Three", "body_html": "<p>x</p>"}).json()
                assert client.post(f"/api/v1/articles/{post['id']}/comments", json={"body": "y"}).status_code == 201
                comments.kill()
                page = client.get(post["path"], headers={"Accept": "text/html"})
                posts.kill()
                down = client.get(post["path"])
            assert gateway.stop() == 0
    assert page.status_code == 200
    assert "Comments are not available" in page.text
    assert down.status_code == 503
    assert down.headers["Retry-After"]


def test_sigterm_lets_requests_end_and_says_that_no_more_are_taken(tmp_path: Path) -> None:
    env = {"DATELINE_DRAIN_S": "1.5"}
    with running("serve", "--data", tmp_path, env=env) as server, httpx.Client(base_url=server.url) as client:
        url = httpx.URL(server.url)
        with socket.create_connection((url.host, url.port or 0), timeout=10) as slow:
            slow.sendall(b"POST /api/v1/posts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{")
            assert client.get("/readyz").json()["status"] == "ok"
            server.process.send_signal(signal.SIGTERM)
            while (ready := client.get("/readyz")).status_code == 200:
                time.sleep(_A_MOMENT_S)  # the signal is on its way
            assert (ready.status_code, ready.json()["checks"]["serving"]) == (503, "failing")
            assert client.get("/livez").status_code == 200
            _wait_until_refused(url)
            slow.sendall(b"}")
            assert slow.recv(12) == b"HTTP/1.1 415"
        assert server.process.wait(5) == 0


def _wait_until_refused(url: httpx.URL) -> None:
    for _ in range(1000):
        try:
            socket.create_connection((url.host, url.port or 0)).close()
        except ConnectionRefusedError:
            return
        time.sleep(_A_MOMENT_S)
    raise AssertionError("it still takes connections")


def test_demo_goes_into_no_database_of_somebody(tmp_path: Path) -> None:
    own = {"DATELINE_POSTS_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/own.db"}
    with running("serve", "--demo", "--data", tmp_path / "data", env=own) as server:
        assert httpx.get(f"{server.url}/api/v1/articles").json()["items"] == []
