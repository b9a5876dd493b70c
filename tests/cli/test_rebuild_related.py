"""`dateline rebuild related`, on a folder."""

from pathlib import Path

import anyio

from services.cli.api import of_folder
from tests.cli.conftest import Run


def test_all_posts_are_related_before_it_ends(run: Run, tmp_path: Path) -> None:
    data, ids = tmp_path / "data", list[str]()
    assert run("rebuild", "related", "--data", data).stderr == f"dateline: There is no Dateline in {data}.\n"

    async def make() -> None:
        async with of_folder(data) as api:
            for title in ("Bread", "Rye"):
                new = {"title": title, "body_html": "<p>A loaf with a crust.</p>", "state": "live"}
                ids.append((await api.post("/api/v1/posts", json=new)).json()["id"])

    async def related() -> list[str]:
        async with of_folder(data) as api:
            return [one["headline"] for one in (await api.get(f"/api/v1/articles/{ids[0]}/related")).json()["items"]]

    anyio.run(make)
    done = run("rebuild", "related", "--data", data)
    assert (done.exit_code, done.stdout) == (0, "posts: 2 related\n"), done.stderr
    assert "posts: 0, 0/s" in done.stderr
    assert anyio.run(related) == ["Rye"]
    watched = run("rebuild", "related", "--watch", "--data", data)
    assert (watched.exit_code, watched.stdout) == (0, "posts: 2 related\n"), watched.stderr
