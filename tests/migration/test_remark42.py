"""Remark42's backups: a head, a comment a line, packed or not, whole or not."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.migration.comment_files import Format, NotACommentFile, open_comments
from services.migration.records import CommentRecord
from tests.migration.reading import REMARK_HEAD, read, reasons


def comment(comment_id: str, parent: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": comment_id,
        "pid": parent,
        "text": "<p>Well <strong>said</strong>.</p>\n",
        "orig": "Well **said**.",
        "user": {"name": "Ann &amp; Bo", "id": "github_1", "picture": "/p.png", "ip": "5f2b", "admin": False},
        "locator": {"site": "tide book", "url": "https://b.example/x/"},
        "score": 2,
        "votes": {"github_2": True},
        "time": "2019-12-20T15:18:22.123456789-06:00",
    } | more


def backup(folder: Path, *comments: dict[str, Any] | str, head: str = REMARK_HEAD, is_packed: bool = True) -> Path:
    lines = [head, *(one if isinstance(one, str) else json.dumps(one) for one in comments)]
    content = "".join(f"{line}\n" for line in lines if line).encode("utf-8", "surrogatepass")
    file = folder / "backup-remark42.gz"
    file.write_bytes(gzip.compress(content) if is_packed else content)
    return file


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_comment_is_read_as_readers_saw_it(tmp_path: Path, is_packed: bool) -> None:
    edit = {"time": "2019-12-20T21:20:00Z", "summary": "typo"}
    file = backup(tmp_path, comment("a1", "a0", edit=edit), is_packed=is_packed)
    assert read(file, Format.REMARK42) == (
        [
            CommentRecord(
                source_id="a1",
                post_source_id="https://b.example/x/",
                parent_source_id="a0",
                state="live",
                author_name="Ann & Bo",
                author_url=None,
                body="<p>Well <strong>said</strong>.</p>\n",
                body_format="html",
                published=datetime(2019, 12, 20, 21, 18, 22, 123456, tzinfo=UTC),
                edited=datetime(2019, 12, 20, 21, 20, tzinfo=UTC),
            )
        ],
        [],
    )
    assert open_comments(file, Format.REMARK42).source == "remark42:tide-book"


def test_markdown_stands_in_where_html_is_missing(tmp_path: Path) -> None:
    found, _ = read(backup(tmp_path, comment("a", text=""), comment("b", text=" ", orig=7)), Format.REMARK42)
    assert [(one.body, one.body_format) for one in found] == [("Well **said**.", "text"), ("", "text")]


def test_deleted_and_blocked_are_not_published(tmp_path: Path) -> None:
    blocked = {"name": "Bo", "id": "u1", "block": True}
    file = backup(
        tmp_path,
        comment("a", delete=True),
        comment("b", user=blocked),
        comment("c", user={"name": "Cy", "id": "u9"}),
        comment("d"),
    )
    found, skipped = read(file, Format.REMARK42)
    assert [(one.state, one.author_name) for one in found] == [
        ("deleted", None),
        ("held", "Bo"),
        ("held", "Cy"),
        ("live", "Ann & Bo"),
    ]
    assert found[0].body == ""
    assert [source_id for source_id, _ in reasons(skipped)] == ["b", "c"]


def test_what_is_wrong_with_one_comment_is_told_of_it(tmp_path: Path) -> None:
    file = backup(
        tmp_path,
        comment("", text="no id"),
        comment("far", time="0001-01-01T00:00:00Z"),
        comment("never", time="yesterday"),
        comment("zoneless", time="2020-01-01T00:00:00"),
        comment("lost", locator={"site": "s"}),
        comment("odd", user="Ann", pid=[1], edit="now", votes=None),
        comment("changed", edit={"time": "?"}),
        "{",
        "[]",
        "",
        comment("fine"),
    )
    found, skipped = read(file, Format.REMARK42)
    assert [(one.source_id, one.author_name) for one in found] == [
        ("odd", None),
        ("changed", "Ann & Bo"),
        ("fine", "Ann & Bo"),
    ]
    assert reasons(skipped) == [
        ("line 2", "it has no id"),
        ("far", "its date '0001-01-01T00:00:00Z' is unreadable"),
        ("never", "its date 'yesterday' is unreadable"),
        ("zoneless", "its date '2020-01-01T00:00:00' is unreadable"),
        ("lost", "it does not say which page it stands under"),
        ("changed", "its date of change is unreadable and is left out"),
        ("9", "it is not JSON"),
        ("10", "it is not a JSON object"),
    ]


def test_text_that_cannot_be_stored_is_dropped(tmp_path: Path) -> None:
    broken = json.dumps(comment("x" * 300)).replace("Well", "\\ud800W\\u0000ell")
    found, _ = read(backup(tmp_path, broken), Format.REMARK42)
    assert found[0].body.startswith("<p>Well")
    assert len(found[0].source_id) == 64


def test_broken_packing_keeps_what_came_before(tmp_path: Path) -> None:
    file = backup(tmp_path, *(comment(f"{number:x}" * 20, text=f"{number * 7919}" * 50) for number in range(1, 4000)))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    found, skipped = read(file, Format.REMARK42)
    assert 0 < len(found) < 3999
    assert [one.what for one in skipped] == ["file"]
    assert "broken after line" in skipped[0].reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1f\x8b",
        b"\x1f\x8b" + b"\x07" * 60,
        gzip.compress(b"{}")[:12],
        b"<html>",
        b"{}\n",
        b"[1]\n",
        b'{"version": 2, "users": []}\n',
        b'{"version": [], "users": []}\n',
        b"[" * 200_000,
        b"\xff\xfe{\0}\0",
    ],
    ids=range(11),
)
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "backup"
    file.write_bytes(content)
    with pytest.raises(NotACommentFile, match="a backup of Remark42"):
        open_comments(file, Format.REMARK42)


def test_backup_without_a_head_is_read(tmp_path: Path) -> None:
    found, skipped = read(backup(tmp_path, comment("a"), head=""), Format.REMARK42)
    assert ([one.source_id for one in found], skipped) == (["a"], [])
