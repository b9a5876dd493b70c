"""Disqus's XML: threads that have addresses, posts that are comments, whatever their order and state."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.migration.comment_files import Format, NotACommentFile, open_comments
from services.migration.records import CommentRecord, Skipped
from tests.migration.reading import DISQUS_END, DISQUS_HEAD, disqus_post, disqus_thread, read, reasons

THREAD = disqus_thread("10", "https://b.example/x.html?m=1")


def export(folder: Path, *parts: str, end: str = DISQUS_END) -> Path:
    file = folder / "tidebook.xml"
    file.write_text(DISQUS_HEAD + "".join(parts) + end, "utf-8")
    return file


def test_a_comment_is_read_without_what_is_private(tmp_path: Path) -> None:
    file = export(tmp_path, THREAD, disqus_post("102", parent="101"))
    assert read(file, Format.DISQUS) == (
        [
            CommentRecord(
                source_id="102",
                post_source_id="https://b.example/x.html?m=1",
                parent_source_id="101",
                state="live",
                author_name="Ann",
                author_url=None,
                body="<p>Well said.</p>",
                body_format="html",
                published=datetime(2011, 8, 31, 15, 16, 29, tzinfo=UTC),
            )
        ],
        [],
    )
    assert open_comments(file, Format.DISQUS).source == "disqus:tidebook"
    assert open_comments(file, Format.DISQUS, "mine").source == "mine"


def test_marks_are_states(tmp_path: Path) -> None:
    marks = {
        "1": "<isDeleted>true</isDeleted><isSpam>false</isSpam>",
        "2": "<isDeleted>false</isDeleted><isSpam>true</isSpam>",
        "3": "<isDeleted>true</isDeleted><isSpam>true</isSpam>",
        "4": "<isDeleted>false</isDeleted><isSpam>false</isSpam><isApproved>false</isApproved>",
        "5": "<isDeleted>false</isDeleted><isSpam>maybe</isSpam><isApproved>true</isApproved>",
        "6": "",
    }
    found, skipped = read(
        export(tmp_path, THREAD, *(disqus_post(one, marks=mark) for one, mark in marks.items())), Format.DISQUS
    )
    assert [one.state for one in found] == ["deleted", "spam", "deleted", "held", "spam", "live"]
    assert [one.body for one in found if one.state == "deleted"] == ["", ""]
    assert {one.author_name for one in found if one.state == "deleted"} == {None}
    assert skipped == []


def test_threads_may_come_after_their_posts(tmp_path: Path) -> None:
    late = disqus_thread("11", "https://b.example/late/")
    found, skipped = read(
        export(tmp_path, disqus_post("1", thread="11"), THREAD, disqus_post("2"), late), Format.DISQUS
    )
    assert [one.post_source_id for one in found] == ["https://b.example/late/", "https://b.example/x.html?m=1"]
    assert skipped == []


def test_thread_without_a_link_stands_at_its_identifier(tmp_path: Path) -> None:
    thread = disqus_thread("10", "").replace("<id/>", "<id>/2011/x/</id>")
    found, _ = read(export(tmp_path, thread, disqus_post("1")), Format.DISQUS)
    assert [one.post_source_id for one in found] == ["/2011/x/"]


def test_comments_without_a_place_are_told(tmp_path: Path) -> None:
    file = export(
        tmp_path,
        disqus_thread("10", ""),
        disqus_thread("11", "https://b.example/y", is_deleted=True),
        THREAD.replace('"10"', '"12"'),
        disqus_post("1"),
        disqus_post("2", thread="11"),
        disqus_post("3", thread="99"),
        disqus_post("4", thread="12", at="2011-x09-30T22:48:43Z"),
        disqus_post("", thread="12"),
        disqus_post("6", thread="12", at="2011-08-31T15:16:29"),
    )
    found, skipped = read(file, Format.DISQUS)
    assert [(one.source_id, one.published.isoformat()) for one in found] == [("6", "2011-08-31T15:16:29+00:00")]
    told = reasons(skipped)
    assert told[:4] == [
        ("1", "its thread has no address"),
        ("2", "its thread was deleted there"),
        ("3", "its thread is not in the file"),
        ("4", "its date '2011-x09-30T22:48:43Z' is unreadable"),
    ]
    assert told[4][0].startswith("at line ")
    assert told[4][1] == "it has no id"


def test_bare_markup_in_a_message_is_html(tmp_path: Path) -> None:
    messages = ("<p>Bare <b>bold</b></p>", "&lt;p&gt;escaped&lt;/p&gt;", "")
    posts = (disqus_post(str(number), message) for number, message in enumerate(messages))
    found, _ = read(export(tmp_path, THREAD, *posts), Format.DISQUS)
    assert [one.body for one in found] == ["<p>Bare <b>bold</b></p>", "<p>escaped</p>", ""]


def test_half_a_surrogate_pair_costs_only_what_holds_it(tmp_path: Path) -> None:
    """The parser lets it through as a reference, but it is no text."""
    half = "&#xD800;"
    threads = (disqus_thread("11", f"https://b.example/{half}"), disqus_thread(half, "https://b.example/y"), THREAD)
    posts = (
        disqus_post("1", f"a{half}b"),
        disqus_post(half),
        disqus_post("3", thread=half),
        disqus_post("4", thread="11"),
        disqus_post("5", parent=half),
    )
    found, skipped = read(export(tmp_path, *threads, *posts), Format.DISQUS)
    assert [(one.source_id, one.parent_source_id) for one in found] == [("5", None)]
    assert [reason for _, reason in reasons(skipped) if reason.startswith("it")] == [
        "it holds a broken character",
        "it has no id",
        "its thread is not in the file",
        "its thread has no address",
    ]


def test_thread_whose_end_is_missing_loses_no_comment(tmp_path: Path) -> None:
    file = export(tmp_path, THREAD.replace("</thread>", ""), disqus_post("1"), disqus_post("2"))
    found, skipped = read(file, Format.DISQUS)
    assert [one.source_id for one in found] == ["1", "2"]
    assert any("damaged" in one.reason for one in skipped)


def test_file_that_ends_within_a_comment_leaves_it_out(tmp_path: Path) -> None:
    """Half a comment may have lost the mark that it is spam."""
    file = export(tmp_path, THREAD, disqus_post("1"), disqus_post("2")[:150], end="")
    found, skipped = read(file, Format.DISQUS)
    assert [one.source_id for one in found] == ["1"]
    assert Skipped("comment", "2", "the file ends in the middle of it, so it is left out") in skipped


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """A declaration before the root is refused, one further in is only damage."""
    bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'><!ENTITY f SYSTEM 'file:///etc/hostname'>]>"
    first, rest = DISQUS_HEAD.split("\n", 1)
    file = tmp_path / "bomb.xml"
    file.write_text(f"{first}{bomb}{rest}{THREAD}{disqus_post('1', '&b;')}{DISQUS_END}")
    with pytest.raises(NotACommentFile, match="document type"):
        open_comments(file, Format.DISQUS)
    found, _ = read(export(tmp_path, THREAD, bomb, disqus_post("1", "&b;&f;")), Format.DISQUS)
    assert [one.body for one in found] == ["&b;&f;"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "an empty file"),
        (b"\x1f\x8b\x08", "unpack it"),
        (b"<rss version='2.0'/>", "<rss>"),
        (b"<disqus xmlns='http://other.example'/>", "<disqus>"),
        (b"<disqus xmlns='http://other.example&#xD800;'/>", "root"),
        (b"<!doctype html><p>", "an HTML page"),
        (b"{}", "not XML"),
        (b"SQLite format 3\0", "a binary file"),
    ],
)
def test_what_is_no_export_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(NotACommentFile, match=told):
        open_comments(file, Format.DISQUS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_within_an_export_never_crash(tmp_path: Path, data: st.DataObject) -> None:
    whole = export(tmp_path, THREAD, disqus_post("1"), disqus_post("2", parent="1")).read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = start + data.draw(st.integers(0, 80))
    junk = data.draw(st.binary(max_size=20) | st.sampled_from([b"<", b"&", b"]]>", b"</thread>", b"</post>", b"<!--"]))
    file = tmp_path / "damaged.xml"
    file.write_bytes(whole[:start] + junk + whole[end:])
    try:
        found, _ = read(file, Format.DISQUS)
    except NotACommentFile:
        return
    assert len(found) <= 2
