"""Tricks that hide words from programs are undone, and regular writing is left alone."""

import re
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.comments.domain.filter.folding import MAX_CHARS, fold
from services.comments.domain.filter.tokens import LINK, NUMBER, tokens


@pytest.mark.parametrize(
    ("hidden", "plain"),
    [
        ("s.u.b.s.c.r.i.b.e now", "subscribe now"),
        ("c\u0430sin\u043e", "casino"),
        ("ca\u200bsi\u00adno", "casino"),
        ("c\u0336\u0353asino", "casino"),
        ("ＣＡＳＩＮＯ", "CASINO"),  # noqa: RUF001  (full width)
        ("nooooooo", "noo"),
    ],
)
def test_tricks_are_undone(hidden: str, plain: str) -> None:
    assert fold(hidden).text == plain


@pytest.mark.parametrize(
    "text", ["I am a fan of J. S. Bach", "Привет, мир", "à la carte", "Việt Nam", "a b", "x = a - b"]
)
def test_regular_writing_is_left_alone(text: str) -> None:
    folded = fold(text)
    assert folded.text == text
    tricks = (folded.has_hidden, folded.has_two_scripts, folded.has_stacked_marks, folded.has_spaced_letters)
    assert not any(tricks)


@given(st.text("ab!", max_size=30) | st.text("é中\n", max_size=30))
def test_of_a_character_again_and_again_two_are_left(text: str) -> None:
    runs = ("".join(run) for _, run in groupby(text))
    assert fold(text).text == "".join(run[:2] for run in runs)


@given(st.lists(st.sampled_from(["a", "é", "中", "_", " ", ".", "-", "!", "ab", "a b c d"])).map("".join))
def test_single_letters_are_joined_from_four_on(text: str) -> None:
    spaced = re.search(r"(?<!\w)\w[ .*_-]\w[ .*_-]\w[ .*_-](?:\w[ .*_-])*\w(?!\w)", text)
    assert fold(text).has_spaced_letters is (spaced is not None)


def test_joined_emoji_hide_nothing() -> None:
    assert not fold("family 👨\u200d👩\u200d👧 here\ufeff").has_hidden
    assert fold("he\u200bre").has_hidden


def test_no_more_than_the_first_characters_are_read() -> None:
    assert fold("ab" * MAX_CHARS) == fold(("ab" * MAX_CHARS)[:MAX_CHARS])
    assert len(fold("\ufdfa" * MAX_CHARS).text) == MAX_CHARS


def test_links_and_numbers_are_words_of_their_own() -> None:
    found = tokens("See HTTP://www.Some.example/a?b, or some.com: it's 42 (youtube.com/watch?v=1)")
    words = ["see", LINK.decode(), "or", LINK.decode(), "it's", NUMBER.decode(), LINK.decode()]
    assert [word.decode() for word in found.words] == words
    assert found.hosts == [b"some.example", b"some.com", b"youtube.com"]
    assert found.link_count == 3


@pytest.mark.parametrize("text", ["end.Next", "e.g. this", "3.5 stars", "and/or", "..."])
def test_full_stops_and_slashes_are_no_links(text: str) -> None:
    assert tokens(text).link_count == 0
