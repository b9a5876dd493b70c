"""What was acknowledged survives kill -9, on both databases."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import httpx

from services.gateway.operator_key import operator_key
from tests.databases import Databases
from tests.e2e.processes import free_port, running

ROUNDS = 3
WRITERS = 8
ENOUGH = 25


async def test_every_acknowledged_write_survives_kill(databases: Databases, tmp_path: Path) -> None:
    env = {
        "DATELINE_POSTS_DATABASE_URL": await databases.fresh("posts", tmp_path),
        "DATELINE_COMMENTS_DATABASE_URL": await databases.fresh("comments", tmp_path),
    }
    acknowledged: dict[str, list[str]] = {}
    for round_number in range(ROUNDS):
        await _write_until_killed(tmp_path, env, acknowledged, round_number)

    with running("serve", "--data", tmp_path, env=env) as server:
        async with httpx.AsyncClient(base_url=server.url, timeout=10) as client:
            for path, comment_ids in acknowledged.items():
                answer = await client.get("/api/v1/articles/by-path", params={"path": path})
                assert answer.status_code == 200
                comments = answer.json()["comments"]
                shown = [comment["id"] for comment in comments["items"]]
                assert set(comment_ids) <= set(shown)
                assert len(shown) == len(set(shown)) == comments["count"]
    assert sum(map(len, acknowledged.values())) >= ROUNDS * ENOUGH


async def _write_until_killed(
    folder: Path, env: Mapping[str, str], acknowledged: dict[str, list[str]], round_number: int
) -> None:
    """Writers note what they were told is stored; the server is killed in the middle of their work."""
    port = free_port()
    with running("serve", "--data", folder, port=port, env=env) as server:
        headers = {"Authorization": f"Bearer {operator_key(folder / 'secrets')}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=10) as client:
            post = (await client.post("/api/v1/posts", json={"title": f"R{round_number}", "body_html": "x"})).json()
            done = acknowledged.setdefault(post["path"], [])
            enough = asyncio.Event()

            async def write() -> None:
                while True:
                    try:
                        answer = await client.post(f"/api/v1/articles/{post['id']}/comments", json={"body": "kept"})
                    except httpx.TransportError:
                        return
                    assert answer.status_code == 201
                    done.append(answer.json()["id"])
                    if len(done) >= ENOUGH:
                        enough.set()

            writers = [asyncio.create_task(write()) for _ in range(WRITERS)]
            async with asyncio.timeout(30):
                await enough.wait()
            server.kill()
            await asyncio.gather(*writers)
