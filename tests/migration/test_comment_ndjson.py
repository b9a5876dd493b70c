"""Dateline's own lines of comments: each member checked, nothing published that was not said to be live."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.migration.comment_files import Format, NotACommentFile, open_comments
from services.migration.comment_files.ndjson import MEMBERS
from services.migration.records import CommentRecord
from tests.migration.reading import read, reasons

ROOT = Path(__file__).parent.parent.parent
WHOLE: dict[str, Any] = {
    "id": "7",
    "post_path": "/2022/01/low-water.html",
    "parent_id": "3",
    "state": "live",
    "author_name": "Ann",
    "author_url": "https://ann.example/",
    "body": "<p>Well said.</p>",
    "body_format": "html",
    "published": "2022-01-08T13:00:00+01:00",
    "edited": "2022-01-08T12:05:00Z",
}
LEAST = {"id": 7, "post_id": "12", "published": "2022-01-08T12:00:00Z"}


def lines(folder: Path, *comments: dict[str, Any] | str) -> Path:
    file = folder / "comments.ndjson"
    file.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in comments))
    return file


def test_every_member_is_read(tmp_path: Path) -> None:
    file = lines(tmp_path, WHOLE, LEAST | {"id": 8})
    assert read(file, Format.NDJSON) == (
        [
            CommentRecord(
                source_id="7",
                post_source_id="/2022/01/low-water.html",
                parent_source_id="3",
                state="live",
                author_name="Ann",
                author_url="https://ann.example/",
                body="<p>Well said.</p>",
                body_format="html",
                published=datetime(2022, 1, 8, 12, tzinfo=UTC),
                edited=datetime(2022, 1, 8, 12, 5, tzinfo=UTC),
            ),
            CommentRecord(
                source_id="8",
                post_source_id="dateline-post:12",
                parent_source_id=None,
                state="live",
                author_name=None,
                author_url=None,
                body="",
                body_format="text",
                published=datetime(2022, 1, 8, 12, tzinfo=UTC),
            ),
        ],
        [],
    )
    assert open_comments(file, Format.NDJSON).source == "ndjson"


def test_states_are_those_of_dateline_and_others_are_held(tmp_path: Path) -> None:
    states = ["live", "held", "spam", "removed", "deleted", "LIVE", None, ["live"]]
    found, skipped = read(
        lines(tmp_path, *(WHOLE | {"id": n, "state": one} for n, one in enumerate(states, 1))), Format.NDJSON
    )
    assert [one.state for one in found] == ["live", "held", "spam", "removed", "deleted", "held", "held", "held"]
    assert [one.body for one in found if one.state == "deleted"] == [""]
    assert [source_id for source_id, _ in reasons(skipped)] == ["6", "7", "8"]


def test_what_is_wrong_with_one_line_is_told_of_it(tmp_path: Path) -> None:
    file = lines(
        tmp_path,
        WHOLE,
        {"post_path": "/x"},
        {"id": True, "post_path": "/x"},
        WHOLE | {"id": "a", "published": 5},
        WHOLE | {"id": "b", "post_path": ""},
        LEAST | {"id": "c", "post_id": "0"},
        LEAST | {"id": "d", "post_id": "x"},
        WHOLE | {"id": "e", "body_format": "markdown"},
        WHOLE | {"id": "f", "email": "ann@mail.example", "ip": "192.0.2.7"},
        '{"id": ' + "9" * 5000 + "}",
        "[" * 100_000,
        "NaN",
        WHOLE | {"id": "g", "edited": "never", "author_name": "n" * 500, "author_url": "u" * 5000},
    )
    found, skipped = read(file, Format.NDJSON)
    assert [one.source_id for one in found] == ["7", "f", "g"]
    assert (len(found[2].author_name or ""), found[2].author_url) == (200, None)
    assert reasons(skipped) == [
        ("line 2", "it has no id"),
        ("line 3", "it has no id"),
        ("a", "its date '' is unreadable"),
        ("b", "it says neither the path nor the id of its post"),
        ("c", "its post_id is not an id: a decimal number from 1 to 9223372036854775807"),
        ("d", "its post_id is not an id: a decimal number from 1 to 9223372036854775807"),
        ("e", "its body_format is neither text nor html"),
        ("f", "it has members that the format does not know; they are left out"),
        ("10", "it is not JSON"),
        ("11", "it is not JSON"),
        ("12", "it is not a JSON object"),
        ("g", "its author's name is longer than 200 characters and is cut"),
        ("g", "its date of change is unreadable and is left out"),
    ]


@pytest.mark.parametrize("first", ["", "x", "[]", "{}", '{"id": 1}', "\x00"])
def test_file_that_begins_with_something_else_is_refused(tmp_path: Path, first: str) -> None:
    with pytest.raises(NotACommentFile, match="one object a line"):
        open_comments(lines(tmp_path, first, WHOLE), Format.NDJSON)


def test_the_page_about_comments_tells_every_member() -> None:
    page = (ROOT / "docs/comments.md").read_text()
    rows = [line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| `")]
    assert {name.strip("`") for row in rows for name in row.split(", ")} == MEMBERS


def test_names_too_long_are_cut_and_that_is_told(tmp_path: Path) -> None:
    found, skipped = read(lines(tmp_path, WHOLE | {"author_name": "Ann " * 60}, WHOLE | {"id": "8"}), Format.NDJSON)
    assert [len(one.author_name or "") <= 200 for one in found] == [True, True]
    assert (found[0].author_name or "").startswith("Ann Ann")
    assert reasons(skipped) == [("7", "its author's name is longer than 200 characters and is cut")]
