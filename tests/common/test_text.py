"""Text from outside is cleaned the same way everywhere."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from services.common.text import Line, Text, clean_line, clean_text, cut_at_word, drop_unstorable, text_or_none

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


class Given(BaseModel):
    text: Text = ""
    line: Line = ""


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("tab\tstays", "tab\tstays"),
        ("e\u0301", "\u00e9"),
        ("bell\x07 escape\x1b[31m delete\x7f csi\x9b", "bell escape[31m delete csi"),
        ("user\u202enimda\u202c", "usernimda"),
        ("\ufeffmark", "mark"),
        ("👩‍👩‍👧 stays joined", "👩‍👩‍👧 stays joined"),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize("raw", ["a\x00b", "a\ud800b", "\udfff"])
def test_text_that_cannot_be_stored_is_refused(raw: str) -> None:
    for clean in (clean_text, clean_line):
        with pytest.raises(ValueError, match="NUL or a lone surrogate"):
            clean(raw)
    with pytest.raises(ValidationError):
        Given(text=raw)
    assert drop_unstorable(raw) == "".join(char for char in raw if char in "ab")


@given(STORABLE)
def test_clean_text_is_storable_and_stays_as_it_is(raw: str) -> None:
    clean = clean_text(raw)
    assert clean_text(clean) == clean == unicodedata.normalize("NFC", clean)
    assert not {"\r", "\x00", "\x1b", "\u202e"} & set(clean)
    clean.encode()


@given(STORABLE)
def test_clean_line_is_one_line(raw: str) -> None:
    line = clean_line(raw)
    assert line == line.strip() == clean_line(line)
    assert len(line.splitlines()) <= 1
    assert "  " not in line


@given(st.text(st.characters()))
def test_dropping_leaves_storable_text(raw: str) -> None:
    kept = drop_unstorable(raw)
    kept.encode()
    assert "\x00" not in kept


@pytest.mark.parametrize(
    ("text", "max_chars", "cut"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("exactly ten", 10, "exactly…"),
        ("one two three", 10, "one two…"),
        ("one, two three", 10, "one, two…"),
        ("one two, three", 10, "one two…"),
        ("a supercalifragilistic", 11, "a supercal…"),
        ("supercalifragilistic", 11, "supercalif…"),
    ],
)
def test_text_is_cut_at_a_word(text: str, max_chars: int, cut: str) -> None:
    assert cut_at_word(text, max_chars) == cut


@given(st.text(), st.integers(1, 100))
def test_cut_text_fits(text: str, max_chars: int) -> None:
    cut = cut_at_word(text, max_chars)
    assert len(cut) <= max_chars
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


def test_fields_hold_clean_text() -> None:
    given_ = Given(text=" two \r\n lines ", line=" one \n line ")
    assert (given_.text, given_.line) == (" two \n lines ", "one line")


@pytest.mark.parametrize(
    ("text", "kept"), [("says", "says"), (" says ", " says "), ("", None), (" \n", None), (None, None)]
)
def test_text_that_says_nothing_is_none(text: str | None, kept: str | None) -> None:
    assert text_or_none(text) == kept
