"""`dateline rebuild comments`, on a folder."""

import json
from pathlib import Path

import anyio

from services.cli.api import of_folder
from tests.cli.conftest import Run


def test_a_folder_is_rebuilt_and_none_is_made(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("rebuild", "comments", "--data", data).stderr == f"dateline: There is no Dateline in {data}.\n"

    async def make() -> None:
        async with of_folder(data) as api:
            new = {"title": "T", "body_html": "<p>b</p>", "state": "live"}
            post_id = (await api.post("/api/v1/posts", json=new)).json()["id"]
            await api.post(f"/api/v1/articles/{post_id}/comments", content=json.dumps({"body": "Hm"}))

    anyio.run(make)
    done = run("rebuild", "comments", "--data", data)
    assert (done.exit_code, done.stdout.splitlines()[1]) == (0, "posts: 1 known"), done.stderr
    assert "threads: 0, 0/s" in done.stderr
