"""Isso's database: every comment with its state, and no file that can do harm."""

import contextlib
import math
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.migration.comment_files import Format, NotACommentFile, open_comments
from services.migration.records import CommentRecord
from tests.migration.reading import isso, read, reasons


def test_a_comment_is_read_without_what_is_private(tmp_path: Path) -> None:
    file = isso(tmp_path, {"id": 4, "modified": 1_600_000_060, "text": "*Well* said,\n\n> quoted"})
    assert read(file, Format.ISSO) == (
        [
            CommentRecord(
                source_id="4",
                post_source_id="/x/",
                parent_source_id=None,
                state="live",
                author_name="Ann",
                author_url="https://ann.example/",
                body="*Well* said,\n\n> quoted",
                body_format="text",
                published=datetime(2020, 9, 13, 12, 26, 40, 500_000, tzinfo=UTC),
                edited=datetime(2020, 9, 13, 12, 27, 40, tzinfo=UTC),
            )
        ],
        [],
    )
    assert open_comments(file, Format.ISSO).source == "isso"
    assert open_comments(file, Format.ISSO, "isso:two").source == "isso:two"


def test_modes_are_states(tmp_path: Path) -> None:
    modes = {1: 1, 2: 2, 3: 4, 4: 7, 5: None}
    found, skipped = read(isso(tmp_path, *({"id": one, "mode": mode} for one, mode in modes.items())), Format.ISSO)
    assert [one.state for one in found] == ["live", "held", "deleted", "held", "held"]
    assert [(one.author_name, one.author_url, one.body) for one in found][2] == (None, None, "")
    assert [source_id for source_id, reason in reasons(skipped) if "held for moderation" in reason] == ["4", "5"]


def test_parents_come_first_and_threads_are_told_apart(tmp_path: Path) -> None:
    rows = [{"id": 3, "parent": 1}, {"id": 1, "parent": 0}, {"id": 2, "tid": 2}, {"id": 9, "tid": 7}]
    found, skipped = read(isso(tmp_path, *rows, threads=("/x/", "https://b.example/y.html")), Format.ISSO)
    assert [(one.source_id, one.parent_source_id, one.post_source_id) for one in found] == [
        ("1", None, "/x/"),
        ("2", None, "https://b.example/y.html"),
        ("3", "1", "/x/"),
    ]
    assert reasons(skipped) == [("9", "its thread is not in the file")]


@pytest.mark.parametrize(
    "created", [None, math.inf, -math.inf, 1e300, -1e15, "soon", b"\x00", 2**62], ids=lambda value: repr(value)[:12]
)
def test_absurd_times_cost_only_their_comment(tmp_path: Path, created: object) -> None:
    found, skipped = read(isso(tmp_path, {"id": 1, "created": created}, {"id": 2}), Format.ISSO)
    assert [one.source_id for one in found] == ["2"]
    ((source_id, reason),) = reasons(skipped)
    assert source_id == "1"
    assert "date" in reason


def test_absurd_change_leaves_the_comment(tmp_path: Path) -> None:
    found, skipped = read(isso(tmp_path, {"id": 1, "modified": 1e300}), Format.ISSO)
    assert [one.edited for one in found] == [None]
    assert reasons(skipped) == [("1", "its date of change is unreadable and is left out")]


def test_text_of_any_kind_is_kept_as_far_as_it_can_be_stored(tmp_path: Path) -> None:
    texts: dict[int, Any] = {1: b"caf\xe9", 2: 12, 3: "a\u0000b", 4: None, 5: "<p>Taken over <b>from</b> Disqus</p>"}
    found, _ = read(isso(tmp_path, *({"id": one, "text": text} for one, text in texts.items())), Format.ISSO)
    assert [one.body for one in found] == ["caf\ufffd", "12", "ab", "", "<p>Taken over <b>from</b> Disqus</p>"]
    assert [one.body_format for one in found] == ["text", "text", "text", "text", "html"]


def test_older_database_lacks_columns(tmp_path: Path) -> None:
    file = isso(tmp_path, {"id": 1}, without=("notification", "voters", "website", "modified"))
    found, skipped = read(file, Format.ISSO)
    assert ([(one.author_url, one.edited) for one in found], skipped) == ([(None, None)], [])


@pytest.mark.parametrize("column", ["id", "tid", "parent", "created", "mode", "text"])
def test_missing_column_is_told(tmp_path: Path, column: str) -> None:
    with pytest.raises(NotACommentFile, match=column):
        open_comments(isso(tmp_path, without=(column,)), Format.ISSO)


def test_file_is_not_written_to(tmp_path: Path) -> None:
    file = isso(tmp_path, {"id": 1})
    before = file.read_bytes()
    read(file, Format.ISSO)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"<html></html>", b"\x1f\x8b" + b"\0" * 5000])
def test_what_is_not_an_isso_database_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "odd # name?.db"
    file.write_bytes(content)
    with pytest.raises(NotACommentFile, match="a database of Isso"):
        open_comments(file, Format.ISSO)


def test_views_are_not_asked(tmp_path: Path) -> None:
    """One that counts without end would hold the import for ever."""
    file = tmp_path / "comments.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE threads (id, uri)")
        database.execute(
            "CREATE VIEW comments AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) "
            "SELECT id, 1 AS tid, NULL AS parent, 1 AS created, 1 AS mode, 'x' AS text FROM n"
        )
    with pytest.raises(NotACommentFile, match="without its tables"):
        open_comments(file, Format.ISSO)


def test_damage_in_the_middle_is_told(tmp_path: Path) -> None:
    file = isso(tmp_path, *({"id": number, "text": "x" * 3000} for number in range(1, 60)))
    export = open_comments(file, Format.ISSO)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2 :] = b"\xff" * (len(whole) - len(whole) // 2)
    file.write_bytes(whole)
    skipped: list[Any] = []
    assert len(list(export.comments(skipped))) < 59
    assert any(one.what == "file" and "damaged" in one.reason for one in skipped)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1, exclude_max=True), junk=st.binary(min_size=1, max_size=40))
def test_any_bytes_within_a_database_never_crash(tmp_path: Path, at: float, junk: bytes) -> None:
    """What SQLite quotes of a damaged schema need not be text either."""
    damaged = tmp_path / "damaged.db"
    whole = _sample(tmp_path)
    start = int(at * len(whole))
    damaged.write_bytes((whole[:start] + junk + whole[start + len(junk) :])[: len(whole)])
    with contextlib.suppress(NotACommentFile):
        export = open_comments(damaged, Format.ISSO)
        assert all(one.source_id for one in export.comments([]))


def _sample(folder: Path) -> bytes:
    file = folder / "comments.db"
    return (file if file.exists() else isso(folder, *({"id": one} for one in range(1, 4)))).read_bytes()


def test_schema_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = isso(tmp_path, {"id": 1})
    file.write_bytes(file.read_bytes().replace(b"CREATE TABLE comments (", b"CREATE TABLE comments \xa7"))
    with pytest.raises(NotACommentFile, match="a database of Isso"):
        open_comments(file, Format.ISSO)
