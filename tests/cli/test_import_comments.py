"""`dateline import comments`, from a file of each format to the thread that readers get."""

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import anyio

from services.cli.api import of_folder
from tests.cli.conftest import Run
from tests.migration.reading import DISQUS_END, DISQUS_HEAD, REMARK_HEAD, disqus_post, disqus_thread, isso

POST: dict[str, Any] = {"title": "T", "body_html": "<p>b</p>", "state": "live", "published": "2020-01-01T00:00:00Z"}
DAY = 86_400
FIRST = 1_577_880_000  # 2020-01-01T12:00:00Z


def at(day: int) -> str:
    return f"2020-01-{1 + day:02}T12:00:00Z"


def isso_file(folder: Path) -> Path:
    rows = [
        {"id": 5, "parent": 2, "text": "Reply", "mode": 1},
        {"id": 1, "text": "Second", "mode": 1},
        {"id": 2, "text": "", "mode": 4},
        {"id": 3, "text": "Pending", "mode": 2},
        {"id": 4, "text": "Elsewhere", "tid": 2},
    ]
    days = {1: 1, 2: 0, 3: 2, 4: 3, 5: 4}
    dated = [row | {"created": FIRST + DAY * days[int(str(row["id"]))]} for row in rows]
    return isso(folder, *dated, threads=("/isso/", "/nowhere/"))


def remark42_file(folder: Path) -> Path:
    def line(comment_id: str, day: int, text: str, parent: str = "", url: str = "/remark42", **more: Any) -> str:
        told = {"user": {"name": "Ann", "id": "u1"}, "locator": {"site": "s", "url": f"https://old.example{url}"}}
        return json.dumps({"id": comment_id, "pid": parent, "text": f"<p>{text}</p>", "time": at(day)} | told | more)

    lines = [
        REMARK_HEAD,
        line("r", 4, "Reply", "d"),
        line("s", 1, "Second"),
        line("d", 0, "Gone", delete=True),
        line("h", 2, "Pending", user={"name": "Bo", "id": "u9"}),
        line("e", 3, "Elsewhere", url="/nowhere/"),
    ]
    file = folder / "backup.gz"
    file.write_bytes(gzip.compress("\n".join(lines).encode()))
    return file


def disqus_file(folder: Path) -> Path:
    deleted = "<isDeleted>true</isDeleted><isSpam>false</isSpam>"
    parts = [
        disqus_thread("10", "https://old.example/disqus.html"),
        disqus_thread("11", "https://old.example/nowhere/"),
        disqus_post("5", "<![CDATA[<p>Reply</p>]]>", parent="2", at=at(4)),
        disqus_post("1", "<![CDATA[<p>Second</p>]]>", at=at(1)),
        disqus_post("2", "<![CDATA[<p>Gone</p>]]>", marks=deleted, at=at(0)),
        disqus_post("3", "<![CDATA[<p>Pending</p>]]>", marks="<isSpam>true</isSpam>", at=at(2)),
        disqus_post("4", "<![CDATA[<p>Elsewhere</p>]]>", thread="11", at=at(3)),
    ]
    file = folder / "disqus.xml"
    file.write_text(DISQUS_HEAD + "".join(parts) + DISQUS_END)
    return file


def ndjson_file(folder: Path) -> Path:
    def line(comment_id: str, day: int, body: str, path: str = "/ndjson", **more: str) -> str:
        told = {"id": comment_id, "post_path": path, "author_name": "Ann", "body": body, "published": at(day)}
        return json.dumps(told | more)

    lines = [
        line("r", 4, "Reply", parent_id="d"),
        line("s", 1, "Second"),
        line("d", 0, "Gone", state="deleted"),
        line("h", 2, "Pending", state="held"),
        line("e", 3, "Elsewhere", path="/nowhere/"),
    ]
    file = folder / "comments.ndjson"
    file.write_text("\n".join(lines))
    return file


FILES = {"isso": isso_file, "remark42": remark42_file, "disqus": disqus_file, "ndjson": ndjson_file}


Said = tuple[str | None, str, int, bool]


def posts_in(data: Path) -> None:
    """A post for each format."""

    async def write() -> None:
        async with of_folder(data) as api:
            for name in FILES:
                answer = await api.post("/api/v1/posts", json=POST | {"path": f"/{name}"})
                assert answer.status_code == 201, answer.text

    anyio.run(write)


def threads_in(data: Path) -> dict[str, list[Said]]:
    """Who, what, how deep and whether deleted, in the order in which readers get it."""
    found: dict[str, list[Said]] = {}

    async def fetch() -> None:
        async with of_folder(data) as api:
            for name in FILES:
                page = (await api.get("/api/v1/articles/by-path", params={"path": f"/{name}"})).json()
                items = page["comments"]["items"]
                assert page["comments"]["count"] == sum(not one["deleted"] for one in items)
                found[name] = [
                    (one["author"]["name"], (one["body_html"] or "").strip(), one["depth"], one["deleted"])
                    for one in items
                ]

    anyio.run(fetch)
    return found


def states_in(data: Path) -> set[tuple[str, str, int]]:
    with closing(sqlite3.connect(data / "comments.db")) as database:
        (private,) = database.execute("SELECT count(*) FROM comments WHERE body_source LIKE '%mail.example%'")
        assert private == (0,)
        return set(database.execute("SELECT source, state, count(*) FROM comments GROUP BY source, state"))


def test_each_format_arrives_in_its_shape_and_once(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    posts_in(data)
    files = {name: make(tmp_path) for name, make in FILES.items()}

    trial = run("import", "comments", files["isso"], "--format", "isso", "--data", data, "--dry-run")
    assert trial.stdout.startswith("comments: 4 would be imported or are here already, 1 would not\n")
    assert states_in(data) == set()

    for name, imported, there in [*((name, 4, 0) for name in FILES), ("isso", 0, 4)]:
        done = run("import", "comments", files[name], "--format", name, "--data", data)
        assert done.exit_code == 0, done.stderr
        assert done.stdout.splitlines()[:2] == [
            f"comments: {imported} imported, {there} already here, 1 not imported",
            "threads: 1 of 2 belong to a post here",
        ]
        assert "/nowhere/: 1 comment left out" in done.stdout
        assert "IP addresses" in done.stdout
        assert "comments: 4 of 4, " in done.stderr

    shown: list[Said] = [
        (None, "", 0, True),
        ("Ann", "<p>Reply</p>", 1, False),
        ("Ann", "<p>Second</p>", 0, False),
    ]
    assert threads_in(data) == dict.fromkeys(FILES, shown)
    sources = {"isso": "held", "remark42:s": "held", "disqus:tidebook": "spam", "ndjson": "held"}
    assert states_in(data) == {
        stored
        for source, hidden in sources.items()
        for stored in ((source, "live", 2), (source, "deleted", 1), (source, hidden, 1))
    }


def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    file = ndjson_file(tmp_path)
    data = tmp_path / "data"
    for arguments, told in (
        (("--format", "isso"), "Expected a database of Isso"),
        (("--format", "ndjson", "--source", "a b"), "--source is made of"),
        (("--format", "ndjson", "--to", "http://127.0.0.1:1"), "--to needs --key"),
        (("--format", "ndjson", "--to", "http://127.0.0.1:1", "--key", "k"), "does not answer"),
    ):
        done = run("import", "comments", file, *arguments, "--data", data)
        assert (done.exit_code, done.stdout) == (1, "")
        assert told in done.stderr
        assert "Traceback" not in done.stderr
    assert not data.exists()
