"""Google Takeout's feed.atom, read from a sample whose comments precede their posts, as Google writes it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.migration.blogger import open_export
from services.migration.blogger.blog import language_tag
from services.migration.records import AuthorRecord, BlogRecord, CommentRecord, Export, PostRecord, Skipped

SAMPLE = Path(__file__).parent / "samples" / "blogger-takeout" / "feed.atom"
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def export(host: str | None = None) -> Export:
    return open_export(SAMPLE, host, now=NOW)


def test_outline_blog_from_feed_and_settings() -> None:
    outline = export().outline()
    assert outline.source == "blogger:77"
    assert outline.blog == BlogRecord("Kites & <Wind>", "Two lines\nof wind", "zh-Hant-TW", None)
    assert Skipped("settings", "BLOG_TIME_ZONE", "'Mars/Olympus' is not an IANA time zone") in outline.skipped


def test_outline_without_settings(tmp_path: Path) -> None:
    feed = Path(shutil.copy(SAMPLE, tmp_path))
    assert open_export(feed, None).outline().blog == BlogRecord("Kites & <Wind>")


@pytest.mark.parametrize("settings", [b"", b"blog_name\n", b"a\n" + b"x" * 200_000, b"blog_name\n\xff\xfe\n"])
def test_outline_with_broken_settings(tmp_path: Path, settings: bytes) -> None:
    feed = Path(shutil.copy(SAMPLE, tmp_path))
    (tmp_path / "settings.csv").write_bytes(settings)
    outline = open_export(feed, None).outline()
    is_reported = any(each.source_id == "settings.csv" for each in outline.skipped)
    assert outline.blog == BlogRecord("Kites & <Wind>")
    assert is_reported == (len(settings) > len(b"blog_name\n"))


def test_outline_counts_what_the_passes_give() -> None:
    outline = export().outline()
    kinds = [each.kind for each in export().posts()]
    assert (outline.posts, outline.pages) == (kinds.count("post"), kinds.count("page")) == (5, 1)
    assert outline.comments == len(list(export().comments())) == 4


def test_host_is_only_the_given_one() -> None:
    without, given = export().outline(), export("kites.example").outline()
    assert (without.host, without.own_links) == (None, 0)
    assert (given.host, given.own_links) == ("kites.example", 2)


def test_post_fields() -> None:
    assert next(export().posts()) == PostRecord(
        source_id="1",
        kind="post",
        state="live",
        title="Don't pull <b>",
        body='<p>1 &lt; 2 <a href="https://kites.example/2022/01/tail.html">tail</a></p>',
        body_format="html",
        published=datetime(2022, 1, 1, tzinfo=UTC),
        updated=datetime(2022, 1, 3, tzinfo=UTC),
        path="/2022/01/dont-pull.html",
        author=AuthorRecord("Eve", "Eve", None),
        labels=("wind", "string"),
    )


def test_states_and_paths() -> None:
    found = {each.source_id: (each.kind, each.state, each.path) for each in export().posts()}
    assert found == {
        "1": ("post", "live", "/2022/01/dont-pull.html"),
        "2": ("page", "live", "/p/about.html"),
        "3": ("post", "draft", None),
        "4": ("post", "trashed", "/2022/01/gone.html"),
        "5": ("post", "scheduled", "/2030/01/later.html"),
        "6": ("post", "draft", None),
    }


def test_draft_may_have_no_date() -> None:
    assert next(each for each in export().posts() if each.source_id == "3").published is None


def test_what_is_left_out_or_changed_is_reported() -> None:
    skipped = export().outline().skipped
    assert Skipped("post", "1", "its place on the map is not imported") in skipped
    assert Skipped("post", "1", "its search description is not imported") in skipped
    assert Skipped("post", "6", "its status 'ODD' is not known, so it becomes a draft") in skipped
    assert Skipped("post", "7", "it is live but has no date of publication") in skipped
    reason = "its status 'PENDING_COMMENT' is not known, so it is held for moderation"
    assert Skipped("comment", "14", reason) in skipped


def test_comments_in_order_with_states() -> None:
    states = [(each.source_id, each.state) for each in export().comments()]
    assert states == [("11", "deleted"), ("12", "live"), ("13", "spam"), ("14", "held")]


def test_reply_fields() -> None:
    reply = next(each for each in export().comments() if each.source_id == "12")
    assert reply == CommentRecord(
        source_id="12",
        post_source_id="1",
        parent_source_id="11",
        state="live",
        author_name="Cy",
        author_url="http://cy.example/",
        body="Yes, <i>that</i> &amp; more",
        body_format="html",
        published=datetime(2022, 2, 2, tzinfo=UTC),
    )


def test_empty_names_are_none() -> None:
    names = {each.source_id: each.author_name for each in export().comments()}
    assert (names["11"], names["13"]) == (None, None)


@pytest.mark.parametrize(
    ("locale", "tag"),
    [("en", "en"), ("pt_BR", "pt-BR"), ("iw", "he"), ("ZH-hant_tw", "zh-Hant-TW"), ("", None), ("C.UTF-8", None)],
)
def test_language_tag(locale: str, tag: str | None) -> None:
    assert language_tag(locale) == tag
