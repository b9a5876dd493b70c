"""Text becomes words alike in every script, and nothing but letters, digits and marks gets into the index."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.posts.domain.words import MAX_WORD_CHARS, Span, is_unspaced, spans, words

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)  # lone surrogates too
LETTERS = st.text(st.characters(categories=["L", "N", "M", "Zs", "Cf"]), max_size=80)
TEXT = ANY_TEXT | LETTERS
UNSPACED = "京都東がギー々한국กั้าລາວខ្មែរမြန်"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("C++ and 7 x_y-z 90's", ["c", "and", "7", "x", "y", "z", "90", "s"]),
        ("don't don\u2019t rock'n'roll 'quoted' dogs'", ["dont", "dont", "rocknroll", "quoted", "dogs"]),
        (
            "l'été d\u2019un L'Oréal dell'arte aujourd'hui",
            ["l", "ete", "d", "un", "l", "oreal", "dell", "arte", "aujourdhui"],
        ),
        ("Café cafe\u0301 Ångström Łódź Ørsted", ["cafe", "cafe", "angstrom", "lodz", "orsted"]),
        ("Straße STRASSE Œuvre œuvre", ["strasse", "strasse", "oeuvre", "oeuvre"]),
        ("\u0131lgaz ILGAZ İstanbul istanbul", ["ilgaz", "ilgaz", "istanbul", "istanbul"]),
        ("Ёлка елка Йод \u0438\u0306\u043e\u0434 комп'ютер", ["елка", "елка", "иод", "иод", "компютер"]),
        ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ ᾳ", ["οδυσσευσ", "οδυσσευσ", "\u03b1"]),
        ("أحمد إلى آخر ٱسم", ["احمد", "الي", "اخر", "اسم"]),
        ("مُدَرِّسَة كتـــاب کتاب على ۲۰۲۴ ٢٠٢٤", ["مدرسه", "كتاب", "كتاب", "علي", "2024", "2024"]),
        ("שָׁלוֹם שלום צה״ל ג\u05f3\u05d5רג'", ["שלום", "שלום", "צה", "ל", "גורג"]),
        ("हिन्दी में कि की", ["हिन्दी", "में", "कि", "की"]),
        ("กั้น", ["กั", "ั้", "้น", "น"]),
        ("日本語です。ねこ", ["日本", "本語", "語で", "です", "す", "ねこ", "こ"]),
        ("ｶﾞｷﾞ ガギ カ\u3099", ["ガギ", "ギ", "ガギ", "ギ", "ガ"]),
        ("葛\U000e0100城市", ["葛城", "城市", "市"]),
        ("한국어 \u1112\u1161\u11ab국", ["한국", "국어", "어", "한국", "국"]),
        ("東京tower2024年", ["東京", "京", "tower2024", "年"]),
        ("well\u00adknown \uff21\uff22\uff23 x² ﬁn", ["wellknown", "abc", "x2", "fin"]),
        ("کتاب\u200c\u0647\u0627ی", ["كتاب", "\u0647\u0627ي"]),
        ("\ud800a\udfffb \u0301 · \x00\u00a0\\", ["a", "b"]),
    ],
)
def test_words_of(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_spans_tell_where_words_stand() -> None:
    assert list(spans("Ça 日本 ｶﾞx")) == [
        Span("ca", 0, 2),
        Span("日本", 3, 5),
        Span("本", 4, 5),
        Span("ガ", 6, 8),
        Span("x", 8, 9),
    ]


def test_long_words_are_cut() -> None:
    assert words("x" * 41 + " " + "é" * 90 + " ok") == ["x" * 40, "e" * 40, "ok"]
    assert words("a" + "\u0316\u0300" * 50_000 + " ok") == ["a", "ok"]
    assert words("ﷺ") == words("صلىاللهعليهوسلم")  # one character that unfolds into four words


@given(TEXT)
@example("\ufdfa\u0140\u00bd\u1e9e\u0345")
def test_words_hold_nothing_but_letters_digits_and_marks(text: str) -> None:
    for word in words(text):
        assert 0 < len(word) <= MAX_WORD_CHARS
        assert {unicodedata.category(char)[0] for char in word} <= {"L", "N", "M"}
        assert word == word.casefold()


@given(TEXT)
@example("\u3400\u06e5")
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    found = list(spans(text))
    assert [span.word for span in found] == words(text)
    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert [span.start for span in found] == sorted(span.start for span in found)
    for span in found:
        if not is_unspaced(text[span.start]):
            assert words(text[span.start : span.end]) == [span.word]


@given(TEXT)
def test_words_of_spaced_scripts_stay_as_they_are(text: str) -> None:
    spaced = [word for word in words(text) if not is_unspaced(word[0])]
    assert words(" ".join(spaced)) == spaced


@given(st.text(st.sampled_from("aZéßйЁİΣя"), max_size=20))
def test_case_and_composition_do_not_matter(text: str) -> None:
    assert words(text) == words(text.upper()) == words(text.lower()) == words(unicodedata.normalize("NFD", text))


@given(st.text(st.sampled_from(UNSPACED), min_size=1, max_size=20))
def test_each_unspaced_character_begins_one_word(run: str) -> None:
    assert words(run) == [run[at : at + 2] for at in range(len(run))]


@given(st.text(st.sampled_from(UNSPACED), min_size=1), st.from_regex(r"[a-zжшדא0-9]+", fullmatch=True))
def test_text_is_cut_where_the_script_changes(unspaced: str, spaced: str) -> None:
    assert words(unspaced + spaced + unspaced) == words(f"{unspaced} {spaced} {unspaced}")
