"""Snippets show where a search matched, mark it, and cut between words."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.posts.domain.search import parse_query
from services.posts.domain.snippets import Fragment, snippet
from services.posts.domain.words import words

WORDS = st.lists(st.sampled_from("one two three Café 日本語 กั้น , … \n don't".split(" ")), max_size=120).map(" ".join)


def shown(text: str, query: str, max_chars: int = 200) -> str:
    fragments = snippet(text, parse_query(query).phrases(), max_chars)
    return "".join(f"[{one.text}]" if one.is_match else one.text for one in fragments)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("The Café is open.", "cafe", "The [Café] is open."),
        ("isn\u2019t it", "isn't", "[isn\u2019t] it"),
        ("a b a c", '"a c"', "a b [a c]"),
        ("one two", "one two", "[one] [two]"),
        ("one two three", '"one two" "two three"', "[one two three]"),
        ("one two", "-one two", "one [two]"),
        ("日本語の本", "本語", "日[本語]の本"),
        ("日本語の本", "本", "日[本]語の[本]"),
        ("日本語です", "日本語で", "[日本語で]す"),
        ("東京tower", "東京tower", "[東京tower]"),
        ("ที่นี่", "ที", "[ที่]นี่"),
        ("안녕하세요", "하세", "안녕[하세]요"),
        ("मैं हिन्दी", "हिन्दी", "मैं [हिन्दी]"),
        ("nothing", "else", "nothing"),
        ("", "else", ""),
    ],
)
def test_matches_are_marked(text: str, query: str, expected: str) -> None:
    assert shown(text, query) == expected


def test_long_texts_are_cut_between_words_around_the_match() -> None:
    text = "lorem ipsum " * 50 + "here it is, found " + "dolor sit " * 50
    assert shown(text, "found", 40) == "…here it is, [found] dolor sit dolor…"
    assert shown(text, "nowhere", 20) == "lorem ipsum lorem…"
    assert shown("日" * 300 + "本" + "語" * 300, "日本", 20) == "…" + "日" * 8 + "[日本]" + "語" * 8 + "…"


def test_the_place_with_the_most_different_phrases_is_shown() -> None:
    text = "red red red " + "x " * 200 + "blue " + "x " * 200 + "red and blue " + "x " * 200
    assert "[red] and [blue]" in shown(text, "red blue", 60)
    assert shown(text, "red", 60).startswith("[red] [red] [red] x")


def test_a_word_longer_than_the_snippet_is_still_marked() -> None:
    fragments = snippet("a " + "x" * 1000 + " b", parse_query("x" * 50).phrases(), 100)
    assert sum(len(one.text) for one in fragments) <= 100
    assert any(one.is_match for one in fragments)


@given(
    WORDS | st.text(max_size=300), st.sampled_from(["one", '"two three" cafe', "日本 ก one", "本 語", '"one two" dont'])
)
def test_snippets_are_pieces_of_the_text(text: str, query: str) -> None:
    phrases = parse_query(query).phrases()
    fragments = snippet(text, phrases, 60)
    piece = "".join(one.text for one in fragments)

    assert len(piece) <= 60
    assert piece == text or piece.removeprefix("…").removesuffix("…") in text
    assert all(one.text for one in fragments)
    assert not any(first.is_match and second.is_match for first, second in pairwise(fragments))
    single = {phrase.words[0] for phrase in phrases if len(phrase.words) == 1 and not phrase.is_character}
    assert any(one.is_match for one in fragments) or not single & set(words(text))


@given(WORDS)
def test_nothing_is_marked_without_phrases(text: str) -> None:
    piece = snippet(text, (), 50)
    assert piece == ([Fragment(piece[0].text, is_match=False)] if text else [])
    assert text.startswith("".join(one.text for one in piece).removesuffix("…"))


@given(st.text(st.sampled_from("กั้ e\u0301日"), min_size=80, max_size=200), st.sampled_from(["ก", "日", "e"]))
def test_marks_stay_upon_their_letter(text: str, query: str) -> None:
    """Up to eight of them: a letter with a thousand marks is a prank."""
    fragments = [one.text for one in snippet(text, parse_query(query).phrases(), 60)]
    for before, after in pairwise(fragments):
        assert not is_mark(after[0]) or all(map(is_mark, before[-8:]))


def is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")
