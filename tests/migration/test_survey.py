"""Threads of any shape: parents first, nothing lost, circles cut, bare deleted comments left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.migration.parents_first import parents_first
from services.migration.records import CommentRecord, CommentState, Skipped
from services.migration.survey import settle, survey

AT = datetime(2020, 1, 1, tzinfo=UTC)
STATES: tuple[CommentState, ...] = ("live", "deleted")
POSTS = {"/p": "1", "/p/": "1", "/q": "2"}


def comment(source_id: str, parent: str | None = None, page: str = "/p", state: CommentState = "live") -> CommentRecord:
    return CommentRecord(source_id, page, parent, state, "Flo", None, source_id, "html", AT)


@dataclass
class Comments:
    """An export out of records."""

    given: list[CommentRecord]
    source: str = "test"
    not_kept: str = "nothing"
    keeps_bare_places: bool = False

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]:
        del skipped  # nothing is wrong with them
        yield from self.given


@st.composite
def comments(draw: st.DrawFn) -> list[CommentRecord]:
    """Any parents at all: missing ones, later ones, the comment itself, circles, another page's; some ids twice."""
    ids = [str(number) for number in range(draw(st.integers(0, 12)))]
    parents = st.none() | st.sampled_from([*ids, "missing"])
    pages = st.sampled_from([*POSTS, "/gone"])
    states = st.sampled_from(STATES)
    made = [comment(each, draw(parents), draw(pages), draw(states)) for each in ids]
    return made + (draw(st.lists(st.sampled_from(made), max_size=3)) if made else [])


def ordered(given_comments: list[CommentRecord], *, keep: bool = False) -> tuple[list[CommentRecord], list[Skipped]]:
    skipped: list[Skipped] = []
    parents = settle(survey(Comments(given_comments), skipped), POSTS, skipped, keep_bare_places=keep)
    return list(parents_first(given_comments, parents)), skipped


@given(comments(), st.booleans())
def test_parents_come_first_and_nothing_is_lost(given_comments: list[CommentRecord], keep: bool) -> None:
    found, skipped = ordered(given_comments, keep=keep)
    ids = [each.source_id for each in found]
    bare = [each.source_id for each in skipped if each.reason == "it was deleted and nothing answers it"]
    there = {each.source_id for each in given_comments if each.post_source_id in POSTS}
    assert sorted(ids + bare) == sorted(there)
    assert not (keep and bare)
    pages = {each.source_id: each.post_source_id for each in found}
    for place, each in enumerate(found):
        if each.parent_source_id is not None:
            assert each.parent_source_id in ids[:place]
            assert POSTS[pages[each.parent_source_id]] == POSTS[each.post_source_id]


@given(comments())
def test_every_changed_parent_is_told(given_comments: list[CommentRecord]) -> None:
    found, skipped = ordered(given_comments, keep=True)
    before = {each.source_id: each for each in given_comments}
    changed = [each.source_id for each in found if each != before[each.source_id]]
    assert sorted(changed) == sorted(each.source_id for each in skipped if each.what == "reply")


@given(comments())
def test_no_deleted_comment_without_an_answer_is_left(given_comments: list[CommentRecord]) -> None:
    found, _ = ordered(given_comments)
    answered = {each.parent_source_id for each in found}
    assert all(each.source_id in answered for each in found if each.state == "deleted")


def test_a_long_chain_in_any_order() -> None:
    """As deep as no thread is: nothing may recurse."""
    chain = [comment(str(number), str(number - 1) if number else None) for number in range(20_000)]
    found, skipped = ordered([*chain[::-2], *chain[::2]])
    assert [each.source_id for each in found] == [str(number) for number in range(20_000)]
    assert skipped == []


def test_chain_of_deleted_comments_goes_with_its_last() -> None:
    found, skipped = ordered([comment(str(number), str(number - 1), state="deleted") for number in range(50)])
    assert found == []
    assert len(skipped) == 51  # the first one's parent is missing


def test_reasons_name_what_is_wrong() -> None:
    given_comments = [
        comment("1"),
        comment("2", "none"),
        comment("3", "1", "/q"),
        comment("4", "4"),
        comment("5", "6"),
        comment("6", "5"),
        comment("7", "1", "/p/"),
        comment("8", "9"),
        comment("9", page="/gone"),
        comment("1", page="/q"),
    ]
    _, skipped = ordered(given_comments)
    top = ", so it stands at the top of the thread"
    assert [(one.source_id, one.reason.removesuffix(top)) for one in skipped] == [
        ("1", "it stands in the file twice; the first is imported"),
        ("2", "what it answers is not there"),
        ("3", "what it answers stands under another page"),
        ("8", "what it answers stands under another page"),
        ("4", "it is among its own ancestors"),
        ("5", "it is among its own ancestors"),
    ]


def test_file_that_changes_meanwhile_loses_nothing() -> None:
    skipped: list[Skipped] = []
    whole = [comment("1"), comment("2", "1"), comment("3", "2")]
    parents = settle(survey(Comments(whole), skipped), POSTS, skipped, keep_bare_places=False)
    assert [one.source_id for one in parents_first(whole[1:], parents)] == ["2", "3"]
