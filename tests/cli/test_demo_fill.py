"""Demo content goes into a folder that is new, or whose filling was interrupted, and into no other."""

import socket
from pathlib import Path

import anyio
import httpx
import pytest

from services.cli.api import of_folder
from services.cli.demo import fill_with_demo, wants_demo
from services.migration.calls import ImportFailed
from services.migration.demo import demo_export
from tests.cli.conftest import Run


def test_new_folder_wants_demo(tmp_path: Path) -> None:
    assert wants_demo(tmp_path / "new" / "data")
    assert wants_demo(tmp_path)


def test_folder_with_a_blog_does_not(tmp_path: Path) -> None:
    (tmp_path / "posts.db").touch()
    assert not wants_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["posts.db"]


def test_interrupted_filling_is_taken_up(tmp_path: Path) -> None:
    assert wants_demo(tmp_path)
    (tmp_path / "posts.db").touch()  # and then the power went
    assert wants_demo(tmp_path)


def test_filled_folder_wants_no_more(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del run  # for the clean environment alone
    data = tmp_path / "data"

    async def fill() -> None:
        async with of_folder(data) as api:
            await fill_with_demo(api, data)

    assert wants_demo(data)
    anyio.run(fill)
    assert not wants_demo(data)
    outline = demo_export().outline()
    assert f"comments: {outline.comments} of {outline.comments}" in capsys.readouterr().err


def test_filling_that_fails_is_done_again_and_only_completed(run: Run, tmp_path: Path) -> None:
    del run  # for the clean environment alone
    data = tmp_path / "data"
    calls: list[str] = []

    async def fail_at_comments(request: httpx.Request) -> None:
        calls.append(request.url.path)
        if request.url.path.endswith("/comments"):
            raise httpx.ConnectError("interrupted by a test")

    async def fill(*, interrupted: bool) -> int:
        async with of_folder(data) as api:
            if interrupted:
                api.event_hooks = {"request": [fail_at_comments]}
            try:
                await fill_with_demo(api, data)
            finally:
                api.event_hooks = {}
            (post, *_) = [post for post in demo_export().posts() if post.source_id == "demo-14"]
            page = await api.get(post.path or "", headers={"Accept": "text/html"})
            return page.text.count("1 comment:")

    assert wants_demo(data)
    with pytest.raises(ImportFailed):
        anyio.run(lambda: fill(interrupted=True))
    assert calls[-1].endswith("/comments")
    assert wants_demo(data)
    assert anyio.run(lambda: fill(interrupted=False)) == 1
    assert not wants_demo(data)


def test_server_that_cannot_start_marks_nothing(run: Run, tmp_path: Path) -> None:
    """A mark that is left behind would put demo posts into the blog that is imported next."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--demo", "--data", tmp_path / "data", "--port", taken.getsockname()[1])
    assert result.exit_code == 1
    assert "cannot be used" in result.stderr
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "posts.db").touch()
    assert not wants_demo(tmp_path / "data")
