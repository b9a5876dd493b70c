"""Checks what the demo blog promises: its counts, its threads, its links and the draft nobody may see."""

import re
from collections import Counter
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from services.migration.demo import demo_export
from services.migration.demo.front_matter import parse_article
from services.migration.records import CommentRecord, PostRecord

SECTION = re.compile(r"^## \S", re.MULTILINE)
QUOTE = re.compile(r"^> \S", re.MULTILINE)
BODY_PATH = re.compile(r"\]\((/[^)]*)\)")
POST_PATH = re.compile(r"/(\d{4}/\d{2})/([a-z0-9]+(?:-[a-z0-9]+)*)\.html")


def live_posts() -> list[PostRecord]:
    return [post for post in demo_export().posts() if post.kind == "post" and post.state == "live"]


def threads() -> dict[str, list[CommentRecord]]:
    by_post: dict[str, list[CommentRecord]] = {post.source_id: [] for post in demo_export().posts()}
    for comment in demo_export().comments():
        by_post[comment.post_source_id].append(comment)
    return by_post


def reply_depths(comments: list[CommentRecord]) -> list[int]:
    """0 for a comment on the article, 1 for a reply to it; KeyError when a parent does not come first."""
    depths: dict[str, int] = {}
    for comment in comments:
        parent = comment.parent_source_id
        depths[comment.source_id] = 0 if parent is None else depths[parent] + 1
    return list(depths.values())


def test_outline_matches_records() -> None:
    outline = demo_export().outline()
    kinds = Counter(post.kind for post in demo_export().posts())
    assert outline.source == "demo"
    assert (outline.blog.locale, outline.blog.time_zone) == ("en-US", "America/New_York")
    assert (outline.posts, outline.pages) == (kinds["post"], kinds["page"]) == (17, 1)
    assert outline.comments == len(list(demo_export().comments())) == 80
    assert outline.skipped == []


def test_records_source_ids_unique() -> None:
    posts = [post.source_id for post in demo_export().posts()]
    comments = [comment.source_id for comment in demo_export().comments()]
    assert len(set(posts)) == len(posts)
    assert len(set(comments)) == len(comments)


def test_records_formats() -> None:
    assert {post.body_format for post in demo_export().posts()} == {"markdown"}
    assert {comment.body_format for comment in demo_export().comments()} == {"text"}
    assert {comment.state for comment in demo_export().comments()} == {"live"}


def test_live_posts_spread_over_years_and_share_one_day() -> None:
    zone = ZoneInfo("America/New_York")
    days = Counter(post.published.astimezone(zone).date() for post in live_posts() if post.published)
    assert days.total() == len(live_posts()) == 16
    assert {day.year for day in days} == {2023, 2024, 2025, 2026}
    assert sorted(days.values())[-2:] == [1, 2]


def test_times_have_offsets_and_follow_publication() -> None:
    for post in live_posts():
        assert post.published is not None
        assert post.published.tzinfo is not None
        assert post.updated is None or post.updated > post.published
        for comment in threads()[post.source_id]:
            assert comment.published > post.published


def test_live_posts_bodies() -> None:
    for post in live_posts():
        assert 300 <= len(post.body.split()) <= 700, post.title
        assert SECTION.search(post.body), post.title
        assert QUOTE.search(post.body), post.title
    assert any("```" in post.body for post in live_posts())
    assert any("| --- |" in post.body for post in live_posts())
    assert any(not post.title.isascii() for post in live_posts())


def test_labels_are_shared() -> None:
    counts = Counter(label for post in live_posts() for label in post.labels)
    assert len(counts) == 8
    assert min(counts.values()) >= 2
    assert {"Town Hall", "Café"} <= set(counts)
    assert all(2 <= len(set(post.labels)) == len(post.labels) <= 4 for post in live_posts())


def test_authors_are_two() -> None:
    authors = {post.author for post in demo_export().posts() if post.author}
    assert sorted(author.name for author in authors) == ["Odile Farraway", "Tobin Marsh"]
    assert {author.url is None for author in authors} == {True, False}


def test_paths_match_months_and_are_unique() -> None:
    zone = ZoneInfo("America/New_York")
    for post in live_posts():
        match = POST_PATH.fullmatch(post.path or "")
        assert match is not None, post.path
        assert post.published is not None
        assert match[1] == f"{post.published.astimezone(zone):%Y/%m}"
        assert len(match[2]) <= 40
        assert not {"a", "an", "the"} & set(match[2].split("-")[1:])
    paths = [post.path for post in demo_export().posts() if post.path]
    assert len(set(paths)) == len(paths)


def test_paths_use_the_blogs_zone_not_utc() -> None:
    posts = [post for post in live_posts() if post.published and post.path]
    assert any(f"{post.published:%Y/%m}" != (post.path or "")[1:8] for post in posts)


def test_picked_links_resolve() -> None:
    paths = {post.path for post in live_posts()}
    for post in live_posts():
        assert len(post.related_links) == 3, post.title
        own = {link.url for link in post.related_links if link.url.startswith("/")}
        outside = {link.url for link in post.related_links} - own
        assert own <= paths - {post.path}, post.title
        assert outside, post.title
        assert all(urlsplit(url).scheme == "https" and urlsplit(url).hostname for url in outside)


def test_picked_links_carry_the_headline_of_the_post() -> None:
    titles = {post.path: post.title for post in live_posts()}
    for post in live_posts():
        for link in post.related_links:
            assert titles.get(link.url, link.headline) == link.headline


def test_body_links_resolve() -> None:
    paths = {post.path for post in live_posts()}
    linked = {path for post in demo_export().posts() for path in BODY_PATH.findall(post.body)}
    assert linked
    assert linked <= paths


def test_comments_parents_come_first() -> None:
    depths = [depth for comments in threads().values() for depth in reply_depths(comments)]
    assert max(depths) == 4


def test_comments_order_needs_more_than_the_files_order() -> None:
    """One thread is written out of the order of time, so that the sorting is exercised."""
    comments = [comment.source_id for comment in threads()["demo-16"]]
    assert comments != sorted(comments)


def test_threads_counts() -> None:
    counts = {post.source_id: len(threads()[post.source_id]) for post in live_posts()}
    assert [source_id for source_id, count in counts.items() if count == 0] == ["demo-12"]
    assert [source_id for source_id, count in counts.items() if count == 1] == ["demo-14"]


def test_threads_policies() -> None:
    policies = {post.source_id: post.comment_policy for post in live_posts()}
    assert policies["demo-12"] == "open"
    assert [source_id for source_id, policy in policies.items() if policy == "closed"] == ["demo-10"]
    assert len(threads()["demo-10"]) == 4


def test_comments_authors() -> None:
    comments = list(demo_export().comments())
    urls = [comment.author_url for comment in comments if comment.author_url]
    assert any(comment.author_name is None for comment in comments)
    assert urls
    assert all(url.startswith("https://example.org/") for url in urls)


def test_draft_stays_in_the_drawer() -> None:
    (draft,) = (post for post in demo_export().posts() if post.state == "draft")
    assert "This draft must stay in the drawer." in draft.body
    assert draft.published is None
    assert draft.path is None
    assert threads()[draft.source_id] == []
    assert all(draft.title not in post.body for post in live_posts())


def test_page_about() -> None:
    (page,) = (post for post in demo_export().posts() if post.kind == "page")
    assert (page.path, page.state) == ("/p/about.html", "live")


@pytest.mark.parametrize("text", ["", "# No fences\n", '+++\nid = "x"\n', 'words first\n+++\nid = "x"\n+++\nbody\n'])
def test_front_matter_missing_names_the_file(text: str) -> None:
    with pytest.raises(ValueError, match=r"lost\.md: front matter"):
        parse_article("lost.md", text)


def test_front_matter_malformed_names_the_file() -> None:
    with pytest.raises(ValueError, match=r"torn\.md: "):
        parse_article("torn.md", "+++\nid =\n+++\nbody\n")
