"""Damaged and hostile exports: what can be read is read, and all that is lost is told."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from services.migration.blogger import NotABloggerExport, open_export
from services.migration.records import Outline, PostRecord, Skipped
from services.migration.xml_files.fields import markup

HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>
<id>tag:blogger.com,1999:blog-1.archive</id><title>Tea</title>
"""
END = "</feed>"
SAMPLES = Path(__file__).parent / "samples"


def entry(number: int, body: str = "leaf", more: str = "", kind: str = "post") -> str:
    return f"""<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><published>2020-01-01T00:00:00Z</published>
<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{kind}'/>
<title>T</title><content type='html'>{body}</content>{more}</entry>
"""


def read(tmp_path: Path, text: str | bytes) -> tuple[Outline, list[PostRecord]]:
    file = tmp_path / "blog.xml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    export = open_export(file, None)
    assert len(list(export.comments())) == export.outline().comments
    return export.outline(), list(export.posts())


def test_undeclared_prefixes_are_understood(tmp_path: Path) -> None:
    draft = "<app:control><app:draft>\n yes </app:draft></app:control>"
    removed = "<gd:extendedProperty name='blogger.contentRemoved' value='true'/><thr:in-reply-to ref='x.post-1'/>"
    outline, posts = read(tmp_path, HEAD + entry(1, more=draft) + entry(2, more=removed, kind="comment") + END)
    assert [each.state for each in posts] == ["draft"]
    assert (outline.comments, outline.skipped) == (1, [])


def test_file_that_ends_between_entries(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1) + entry(2))
    assert [each.source_id for each in posts] == ["1", "2"]
    assert [each.reason for each in outline.skipped] == ["the file ends early, at line 10; what came after is missing"]


def test_file_that_ends_within_an_entry_leaves_it_out(tmp_path: Path) -> None:
    """Half a draft may have lost the mark that it is one."""
    outline, posts = read(tmp_path, HEAD + entry(1) + entry(2)[:-40])
    assert [each.source_id for each in posts] == ["1"]
    assert Skipped("post", "2", "the file ends in the middle of it, so it is left out") in outline.skipped
    assert any(each.what == "file" and "ends early" in each.reason for each in outline.skipped)


@pytest.mark.parametrize("sample", ["blogger-classic.xml", "blogger-takeout/feed.atom"])
def test_every_cut_of_a_sample_is_read_or_refused(tmp_path: Path, sample: str) -> None:
    whole = (SAMPLES / sample).read_bytes()
    for length in range(300, len(whole) - 10, 97):
        try:
            outline, posts = read(tmp_path, whole[:length])
        except NotABloggerExport:
            continue
        assert any("ends early" in each.reason for each in outline.skipped), length
        assert len(posts) == outline.posts + outline.pages


def test_control_characters_are_dropped_and_told(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, (HEAD + entry(1, "a\x08b&#8;c&#0;d") + entry(2) + END).encode())
    assert [each.body for each in posts] == ["abcd", "leaf"]
    assert [each.what for each in outline.skipped] == ["file"]
    assert "the file is damaged at line 6 and 2 more places" in outline.skipped[0].reason


def test_fault_does_not_spoil_what_follows_it(tmp_path: Path) -> None:
    """The parser on its own would drop every escaped character after the first fault."""
    outline, posts = read(tmp_path, HEAD + entry(1, "a\x08b") + entry(2, "&lt;p&gt;Salt &amp;amp; tea&lt;/p&gt;") + END)
    assert [each.body for each in posts] == ["ab", "<p>Salt &amp; tea</p>"]
    assert len(outline.skipped) == 1


def test_bare_signs_are_read_as_text_and_told(tmp_path: Path) -> None:
    """The parser on its own would stop at the first of them."""
    outline, posts = read(tmp_path, HEAD + entry(1, "1 < 2 & 3 &c; <!x>") + entry(2) + END)
    assert [each.body for each in posts] == ["1 < 2 & 3 &c; <!x>", "leaf"]
    told = [each.reason for each in outline.skipped if "4 times a bare < or &" in each.reason]
    assert [reason.startswith("the file is damaged at line 6 ") for reason in told] == [True]


def test_half_a_surrogate_pair_costs_only_its_entry(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1, "a&#xD800;b") + entry(2) + END)
    assert [each.source_id for each in posts] == ["2"]
    assert any("broken character" in each.reason for each in outline.skipped)


def test_bytes_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, HEAD.encode() + entry(1, "caf~").encode().replace(b"~", b"\xe9") + END.encode())
    assert [each.body for each in posts] == ["caf\ufffd"]
    assert "damaged" in outline.skipped[0].reason


def test_unescaped_markup_and_entities_stay_in_the_body(tmp_path: Path) -> None:
    body = "a&nbsp;b &lt;i&gt;c&lt;/i&gt; <p class='x'>d<br/>e</p> 1 &amp;lt; 2"
    outline, posts = read(tmp_path, HEAD + entry(1, body) + END)
    assert [each.body for each in posts] == ['a&nbsp;b <i>c</i> <p class="x">d<br>e</p> 1 &lt; 2']
    assert Skipped("post", "1", "its text holds unescaped markup, which is read as HTML") in outline.skipped


def test_missing_closing_tag_loses_no_entry(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1).replace("</entry>", "") + entry(2) + entry(3) + END)
    assert sorted(each.source_id for each in posts) == ["1", "2", "3"]
    assert any("damaged" in each.reason for each in outline.skipped)


def test_document_type_after_the_root_resolves_nothing(tmp_path: Path) -> None:
    late = "<!DOCTYPE feed [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>"
    outline, posts = read(
        tmp_path, HEAD + entry(1) + late + entry(2, "&e;", more="<link rel='alternate' href='/&e;'/>") + END
    )
    assert [each.body for each in posts] == ["leaf", "&e;"]
    assert any("damaged" in each.reason for each in outline.skipped)


def test_deep_nesting_does_not_crash(tmp_path: Path) -> None:
    deep = "<i>" * 1900 + "x" + "</i>" * 1900
    _, posts = read(tmp_path, HEAD + entry(1, deep).replace("<title>T", f"<title>{deep}") + entry(2) + END)
    assert [each.source_id for each in posts] == ["1", "2"]
    outline, _ = read(tmp_path, HEAD + entry(1, "<i>" * 9000) + entry(2) + END)
    assert "Excessive depth" in outline.skipped[0].reason


@pytest.mark.parametrize(
    "date", ["2020-01-01", "2020-01-01T00:00:00", "9999-12-31T23:59:59-07:00", "0000-01-01T00:00:00Z"]
)
def test_unreadable_date_costs_only_its_entry(tmp_path: Path, date: str) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1).replace("2020-01-01T00:00:00Z", date) + entry(2) + END)
    assert [each.source_id for each in posts] == ["2"]
    assert outline.skipped == [Skipped("post", "1", f"its date {date!r} is unreadable")]


@pytest.mark.parametrize("address", ["http://[bad/x.html", "http://tea.example/", "http://tea.example/%00.html"])
def test_address_without_a_path_is_told(tmp_path: Path, address: str) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1, more=f"<link rel='alternate' href='{address}'/>") + END)
    assert posts[0].path is None
    assert outline.skipped == [Skipped("post", "1", f"its address {address!r} holds no path and is left out")]


def test_id_without_a_number(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1).replace("post-1<", "post-one<") + END)
    assert posts == []
    assert outline.skipped == [Skipped("post", "tag:blogger.com,1999:blog-1.post-one", "its id has no number")]


def test_body_over_ten_megabytes_is_whole(tmp_path: Path) -> None:
    outline, posts = read(tmp_path, HEAD + entry(1, "x" * 11_000_000) + entry(2) + END)
    assert [len(each.body) for each in posts] == [11_000_000, 4]
    assert outline.skipped == []


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten bodies of 1 MB pass; Python holds a few at a time, with their raw and read forms."""
    file = tmp_path / "blog.xml"
    file.write_text(HEAD + "".join(entry(number, "x" * 1_000_000) for number in range(10)) + END)
    export = open_export(file, None)
    tracemalloc.start()
    lengths = [len(post.body) for post in export.posts()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert lengths == [1_000_000] * 10
    assert peak < 6_000_000


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_within_a_sample_never_crash(tmp_path: Path, data: st.DataObject) -> None:
    whole = (SAMPLES / "blogger-takeout" / "feed.atom").read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    end = start + data.draw(st.integers(0, 80))
    junk = data.draw(st.binary(max_size=20) | st.sampled_from([b"<", b"&", b"]]>", b"<entry>", b"</feed>", b"<!--"]))
    try:
        outline, posts = read(tmp_path, whole[:start] + junk + whole[end:])
    except NotABloggerExport:
        return
    assert len(posts) == outline.posts + outline.pages


def test_a_prefix_that_nothing_declares_is_left_out() -> None:
    damaged = etree.fromstring("<body>a<logger:created>b<br/></logger:created>c</body>", etree.XMLParser(recover=True))
    assert markup(damaged) == "a<created>b<br></created>c"
