"""`dateline rebuild related`, on a folder."""

from pathlib import Path

import anyio
import pytest

from services.cli.api import of_folder
from services.posts import jobs
from services.posts.commands.relate_posts import Relating
from tests.cli.conftest import Run


def test_a_folder_is_related_anew_and_none_is_made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "Relating", Relating)
    monkeypatch.setattr(jobs, "RELATE_EVERY_S", 0.05)
    data = tmp_path / "data"
    assert run("rebuild", "related", "--data", data).stderr == f"dateline: There is no Dateline in {data}.\n"
    found: list[str] = []

    async def make() -> None:
        async with of_folder(data) as api:
            for number in range(2):
                new = {"title": f"Boat {number}", "body_html": "<p>The dinghy wants varnish.</p>", "state": "live"}
                found.append((await api.post("/api/v1/posts", json=new)).json()["id"])

    async def related() -> None:
        async with of_folder(data) as api:
            answer = await api.get(f"/api/v1/articles/{found[0]}/related")
            assert [one["article_id"] for one in answer.json()["items"]] == found[1:]

    anyio.run(make)
    done = run("rebuild", "related", "--data", data)
    assert (done.exit_code, done.stdout) == (0, "posts: 2 with lists of related posts\n"), done.stderr
    assert "asked for: 0, 0/s" in done.stderr
    watched = run("rebuild", "related", "--watch", "--data", data)
    assert (watched.exit_code, watched.stdout) == (0, done.stdout), watched.stderr
    anyio.run(related)
