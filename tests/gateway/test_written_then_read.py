"""What was written through a gateway is in its next answer. Over a socket, where answers go out in another way."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from services.cli.patient_protocol import PatientProtocol
from services.gateway.evict.follower import Follower
from tests.comments.following import eventually
from tests.common.sockets import served
from tests.databases import SqliteFiles
from tests.gateway.caching import cache_of, caching_stack, status_of
from tests.stack import Stack


@pytest.fixture
async def stack(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[Stack]:
    async with caching_stack(sqlite_files, tmp_path) as running:
        yield running


@pytest.fixture
async def reader(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        served(stack.gateway, http=PatientProtocol) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client


async def kept(reader: httpx.AsyncClient, path: str) -> httpx.Response:
    """Out of the cache, from which what is related may take a new page once more."""

    async def is_kept() -> bool:
        return status_of(await reader.get(path)).startswith("hit")

    await eventually(is_kept, wanted=True)
    return await reader.get(path)


async def test_a_comment_is_there_at_once(
    stack: Stack, reader: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By who wrote it: the gateway hears of nothing else."""
    post = await stack.post()
    monkeypatch.setattr(Follower, "_take", lambda *_: None)
    for body in ("First", "Second", "Third"):
        assert body not in (await kept(reader, post["path"])).text
        written = await reader.post(f"/api/v1/articles/{post['id']}/comments", json={"body": body})
        assert written.status_code == 201, written.text
        assert body in (await reader.get(post["path"])).text


async def test_what_is_changed_and_trashed_is_so_at_once(stack: Stack, reader: httpx.AsyncClient) -> None:
    post = await stack.post(title="Before")
    address, key = f"/api/v1/posts/{post['id']}", {"Authorization": stack.operator.headers["Authorization"]}
    await kept(reader, post["path"])
    version = (await reader.get(address, headers=key)).headers["ETag"]
    changed = await reader.patch(address, json={"title": "After"}, headers=key | {"If-Match": version})
    assert changed.status_code == 200, changed.text
    assert "After" in (await reader.get(post["path"])).text
    await kept(reader, post["path"])
    trashed = await reader.post(f"{address}/trash", headers=key | {"If-Match": changed.headers["ETag"]})
    assert trashed.status_code == 200, trashed.text
    assert f"post:{post['id']}" in unquote(cache_of(stack)._takedowns._path.read_text()), "other processes can know"
    assert (await reader.get(post["path"])).status_code == 404


async def test_who_shows_a_key_or_a_token_is_given_what_nobody_keeps(stack: Stack, reader: httpx.AsyncClient) -> None:
    post = await stack.post()
    await kept(reader, post["path"])
    for shown in (
        {"Authorization": stack.operator.headers["Authorization"]},
        {"Cookie": "dateline-edit=x"},
        {"X-Edit-Token": "x"},
    ):
        answer = await reader.get(post["path"], headers=shown)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store"), shown
        assert "Cache-Status" not in answer.headers
