"""The classic backup, read from a sample that has every kind of entry and every known oddity."""

from datetime import UTC, datetime
from pathlib import Path

from services.migration.blogger import open_export
from services.migration.records import AuthorRecord, BlogRecord, CommentRecord, Export, PostRecord, Skipped

SAMPLE = Path(__file__).parent / "samples" / "blogger-classic.xml"
NOW = datetime(2025, 1, 1, tzinfo=UTC)


def export(host: str | None = None) -> Export:
    return open_export(SAMPLE, host, now=NOW)


def post(source_id: str) -> PostRecord:
    return next(each for each in export().posts() if each.source_id == source_id)


def comment(source_id: str) -> CommentRecord:
    return next(each for each in export().comments() if each.source_id == source_id)


def reasons(what: str, source_id: str) -> list[str]:
    return [each.reason for each in export().outline().skipped if (each.what, each.source_id) == (what, source_id)]


def test_outline_blog_from_settings() -> None:
    outline = export().outline()
    assert outline.source == "blogger:42"
    assert outline.blog == BlogRecord("The Garden & I", "Notes on soil", "pt-BR", "America/Sao_Paulo")


def test_outline_counts_what_the_passes_give() -> None:
    outline = export().outline()
    kinds = [each.kind for each in export().posts()]
    assert (outline.posts, outline.pages) == (kinds.count("post"), kinds.count("page")) == (4, 1)
    assert outline.comments == len(list(export().comments())) == 4


def test_outline_again_after_the_passes_is_the_same() -> None:
    one = export()
    first = one.outline()
    assert len(list(one.posts())) + len(list(one.comments())) == 9
    assert one.outline() == first


def test_host_and_own_links_of_the_feed() -> None:
    outline = export().outline()
    assert (outline.host, outline.own_links) == ("garden.example", 3)


def test_host_given_wins() -> None:
    outline = export("Elsewhere.example").outline()
    assert (outline.host, outline.own_links) == ("elsewhere.example", 1)


def test_host_of_a_post_when_the_feed_has_none(tmp_path: Path) -> None:
    file = tmp_path / "blog.xml"
    file.write_text(SAMPLE.read_text("utf-8").replace("http://Garden.example/", ""), "utf-8")
    assert open_export(file, None).outline().host == "garden.example"


def test_post_fields() -> None:
    body = (
        ' <p>See <a href="http://garden.example/2023/02/beans.html">beans</a>, '
        "<a href='https://GARDEN.example/p/about.html'>me</a> and "
        '<a href="http://elsewhere.example/">others</a>.&nbsp;</p>\n'
    )
    assert post("101") == PostRecord(
        source_id="101",
        kind="post",
        state="live",
        title="Tom & the radishes",
        body=body,
        body_format="html",
        published=datetime(2023, 3, 1, 12, 30, 0, 1000, tzinfo=UTC),
        updated=datetime(2023, 3, 2, 11, tzinfo=UTC),
        path="/2023/03/radishesé.html",
        author=AuthorRecord("0777", "Ana", "https://www.blogger.com/profile/0777"),
        labels=("Soil", "Água"),
    )


def test_post_with_a_place_and_an_enclosure_is_reported() -> None:
    assert reasons("post", "101") == ["its place on the map is not imported"]
    assert any("enclosure" in reason for reason in reasons("post", "102"))


def test_draft_without_title_path_or_profile() -> None:
    draft = post("102")
    assert (draft.state, draft.title, draft.path, draft.updated) == ("draft", "", None, None)
    assert draft.author == AuthorRecord("Guest", "Guest", None)
    assert any("date of change 'not a date'" in reason for reason in reasons("post", "102"))
    assert any("author's address" in reason for reason in reasons("post", "102"))


def test_future_post_is_scheduled_until_then() -> None:
    later = open_export(SAMPLE, None, now=datetime(2031, 1, 1, tzinfo=UTC))
    assert post("103").state == "scheduled"
    assert [each.state for each in later.posts() if each.source_id == "103"] == ["live"]


def test_second_entry_with_the_id_is_kept_under_its_date() -> None:
    source_id = "101@2021-03-01T12:00:00+00:00"
    assert post(source_id).state == "draft"
    assert any("same id" in reason for reason in reasons("post", source_id))


def test_page_with_the_number_of_a_post_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "blog.xml"
    file.write_text(SAMPLE.read_text("utf-8").replace(".page-201", ".page-103"), "utf-8")
    ids = {each.kind: each.source_id for each in open_export(file, None).posts() if "103" in each.source_id}
    assert ids == {"post": "103", "page": "103@2022-01-01T00:00:00+00:00"}


def test_repeated_post_is_left_out() -> None:
    assert [each.body for each in export().posts() if each.title == "Next decade"] == ["Soon"]
    assert any("twice" in reason for reason in reasons("post", "103"))


def test_entries_that_are_no_content_are_reported() -> None:
    skipped = export().outline().skipped
    assert Skipped("post", "104", "its date 'yesterday' is unreadable") in skipped
    assert Skipped("post", "", "it has no id") in skipped
    assert Skipped("entry", "105", "it is neither a post, a page nor a comment") in skipped
    assert not any("BLOG" in each.source_id or "layout" in each.source_id for each in skipped)


def test_comments_are_by_date_with_parents_first() -> None:
    assert [each.source_id for each in export().comments()] == ["302", "301", "303", "304"]


def test_reply_fields() -> None:
    assert comment("303") == CommentRecord(
        source_id="303",
        post_source_id="101",
        parent_source_id="301",
        state="live",
        author_name="Bia",
        author_url="https://www.blogger.com/profile/0888",
        body='A <b>reply</b>, see <a href="http://garden.example/p/about.html" rel="nofollow">this</a>',
        body_format="html",
        published=datetime(2023, 3, 5, tzinfo=UTC),
    )


def test_anonymous_stays_as_it_is_written() -> None:
    assert (comment("301").author_name, comment("301").author_url) == ("Anônimo", None)


def test_removed_comment_is_deleted_and_empty() -> None:
    removed = comment("302")
    assert (removed.state, removed.body, removed.author_name) == ("deleted", "", None)


def test_comment_on_a_page_is_found_by_number_and_lost_parent_reported() -> None:
    reply = comment("304")
    assert (reply.post_source_id, reply.parent_source_id) == ("201", None)
    assert reasons("reply", "304") == ["its parent is not in the file, so it becomes a top-level comment"]


def test_comments_that_cannot_be_placed_are_reported() -> None:
    assert any("twice" in reason for reason in reasons("comment", "301"))
    assert reasons("comment", "305") == ["its post is not in the file"]
    assert reasons("comment", "306") == ["it does not say which post it belongs to"]
