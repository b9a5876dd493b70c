"""`dateline export comments`: a file that brings every comment back, whole or not at all."""

import gzip
import json
from pathlib import Path

import anyio
import httpx
import pytest

from services.cli.api import of_folder
from services.migration.comment_writer import ExportFailed, write_comments
from tests.cli.conftest import Run
from tests.cli.test_import_comments import FILES, posts_in, states_in, threads_in
from tests.migration.test_comment_sender import Noted


def comments_in(data: Path, tmp_path: Path, run: Run) -> None:
    posts_in(data)
    for name, make in FILES.items():
        run("import", "comments", make(tmp_path), "--format", name, "--data", data)


def test_everything_comes_back_from_the_file(run: Run, tmp_path: Path) -> None:
    """Into another folder, whose posts have other ids and the same paths."""
    here, there = tmp_path / "here", tmp_path / "there"
    comments_in(here, tmp_path, run)
    posts_in(there)
    files = [tmp_path / name for name in ("one.ndjson", "two.ndjson.gz", "three.ndjson")]
    for file, data in zip(files, (here, here, there), strict=True):
        if data is there:
            brought = run("import", "comments", files[1], "--format", "ndjson", "--data", there)
            assert brought.stdout.splitlines()[0] == "comments: 16 imported, 0 already here, 0 not imported"
        done = run("export", "comments", file, "--data", data)
        assert (done.exit_code, done.stdout) == (0, f"comments: 16 exported to {file}\n"), done.stderr
        assert done.stderr.splitlines()[0] == "comments: 0, 0/s"
    assert gzip.decompress(files[1].read_bytes()) == files[0].read_bytes()
    assert threads_in(there) == threads_in(here)
    kept = [sorted((state, count) for _, state, count in states_in(data)) for data in (here, there)]
    assert sum(count for _, count in kept[0]) == sum(count for _, count in kept[1]) == 16
    lines = [[json.loads(line) for line in file.read_text().splitlines()] for file in (files[0], files[2])]
    assert [one | {"post_id": ""} for one in lines[0]] == [one | {"post_id": ""} for one in lines[1]]
    again = run("import", "comments", files[0], "--format", "ndjson", "--data", here)
    assert again.stdout.splitlines()[0] == "comments: 0 imported, 16 already here, 0 not imported"


def test_an_interrupted_export_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "comments.ndjson"
    file.write_text("as it was")
    headers = {"Content-Type": "application/x-ndjson", "Link": '<?cursor=x&limit=1>; rel="next"'}
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        if len(asked) == 2:
            assert (tmp_path / "comments.ndjson.part").exists(), "the control"
            raise httpx.ReadError("interrupted by a test")
        return httpx.Response(200, text="{}\n", headers=headers)

    async def export() -> None:
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://dateline.example") as client:
            await write_comments(client, Noted(), file)

    with pytest.raises(ExportFailed, match="does not answer"):
        anyio.run(export)
    address = "http://dateline.example/api/v1/export/comments"
    assert asked == [address, f"{address}?cursor=x&limit=1"]
    assert [one.read_text() for one in tmp_path.iterdir()] == ["as it was"]


def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "comments.ndjson"
    for arguments, told in (
        (("--data", data), f"There is no Dateline in {data}."),
        (("--to", "http://127.0.0.1:1"), "--to needs --key, an API key with the scope import:run and comments:mod"),
        (("--to", "http://127.0.0.1:1", "--key", "k"), "does not answer"),
    ):
        done = run("export", "comments", file, *arguments)
        assert (done.exit_code, done.stdout) == (1, "")
        assert told in done.stderr
    assert list(tmp_path.iterdir()) == []

    async def make() -> None:
        async with of_folder(data):
            pass

    anyio.run(make)
    done = run("export", "comments", tmp_path / "no" / "where", "--data", data)
    assert (done.exit_code, "No such file or directory" in done.stderr) == (1, True)
