"""The order of comments: parents first, nothing lost, circles cut, for any shape of threads."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.migration.blogger.source_ids import SourceIds
from services.migration.blogger.threads import threads
from services.migration.records import CommentRecord, Skipped

START = datetime(2020, 1, 1, tzinfo=UTC)


def comment(source_id: str, parent: str | None = None, post: str = "p", days: int = 0) -> CommentRecord:
    published = START + timedelta(days=days)
    return CommentRecord(source_id, post, parent, "live", "Flo", None, "Hm", "html", published)


@st.composite
def comments(draw: st.DrawFn) -> list[CommentRecord]:
    """Any parents at all: missing ones, later ones, the comment itself, circles, another post's."""
    ids = [str(number) for number in range(draw(st.integers(0, 12)))]
    parents = st.none() | st.sampled_from([*ids, "missing"])
    posts = st.sampled_from(["p", "q", "gone"])
    return [comment(each, draw(parents), draw(posts), draw(st.integers(0, 5))) for each in ids]


@given(comments())
def test_parents_come_first_and_nothing_is_lost(given_comments: list[CommentRecord]) -> None:
    skipped: list[Skipped] = []
    ordered = list(threads(given_comments, {"p", "q"}, skipped))
    ids = [each.source_id for each in ordered]
    left_out = [each.source_id for each in skipped if each.what == "comment"]
    assert sorted(ids + left_out) == sorted(each.source_id for each in given_comments)
    posts = {each.source_id: each.post_source_id for each in ordered}
    for place, each in enumerate(ordered):
        if each.parent_source_id is not None:
            assert each.parent_source_id in ids[:place]
            assert posts[each.parent_source_id] == each.post_source_id


@given(comments())
def test_every_changed_parent_is_told(given_comments: list[CommentRecord]) -> None:
    skipped: list[Skipped] = []
    before = {each.source_id: each for each in given_comments}
    changed = [
        each.source_id for each in threads(given_comments, {"p", "q"}, skipped) if each != before[each.source_id]
    ]
    assert sorted(changed) == sorted(each.source_id for each in skipped if each.what == "reply")


def test_order_is_by_date_where_threads_allow() -> None:
    given_comments = [comment("late", days=3), comment("reply", "late", days=1), comment("early", days=0)]
    assert [each.source_id for each in threads(given_comments, {"p"}, [])] == ["early", "late", "reply"]


def test_circle_is_cut_once() -> None:
    skipped: list[Skipped] = []
    circle = [comment("a", "c"), comment("b", "a"), comment("c", "b"), comment("tail", "a")]
    ordered = list(threads(circle, {"p"}, skipped))
    assert [each.source_id for each in ordered] == ["b", "c", "a", "tail"]
    reason = "it is among its own ancestors, so it becomes a top-level comment"
    assert skipped == [Skipped("reply", "b", reason)]


def test_long_thread_needs_no_recursion() -> None:
    chain = [comment(str(number), str(number + 1), days=number) for number in range(5000)]
    assert len(list(threads(chain, {"p"}, []))) == 5000


def test_source_ids_stay_apart_whatever_repeats() -> None:
    ids = SourceIds()
    later = START + timedelta(days=1)
    entries = [("post", START), ("page", START), ("post", later), ("page", later), ("post", None), ("post", START)]
    assert [ids.give("7", kind, published) for kind, published in entries] == [
        "7",
        "7@2020-01-01T00:00:00+00:00",
        "7@2020-01-02T00:00:00+00:00",
        "7@2020-01-02T00:00:00+00:00/page",
        "7@undated",
        None,
    ]
