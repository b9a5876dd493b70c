"""Cuts text into the words that the search index holds, the same for every database."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import Final
from unicodedata import category, normalize

from msgspec import Struct

MAX_WORD_CHARS: Final = 40
_MAX_RAW_CHARS: Final = 4 * MAX_WORD_CHARS
"""`normalize` sorts the marks upon a letter in quadratic time."""

_UNSPACED: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ecf\u0edc-\u0edf"  # Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"  # Burmese
    "\u1780-\u17d3\u17d7\u17dc\u17dd"  # Khmer
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"  # Hangul
    "\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001b16f"  # kana
    "\u2e80-\u2fd5\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3192-\u3195\u3220-\u3229\u3280-\u3289"  # Han
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufad9\U00020000-\U0003ffff"
)
_STRIPPED: Final = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # Latin, Greek, Cyrillic
    "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0898-\u089f\u08ca-\u08ff"  # Hebrew, Arabic
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
)
_INVISIBLE: Final = "\u00ad\u200d\u2060"  # soft hyphen and joiners may stand in the middle of any word
_APOSTROPHES: Final = "'\u2018\u2019\uff07\u05f3"
_ELIDED: Final = "[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:a|co|da|de|ne|que|su)ll|un"


@cache
def _marks() -> str:
    """Ranges of them: to look through all characters takes a while, so nothing waits for it that needs no words."""
    every = (*range(0x300, 0x1F000), *range(0xE0100, 0xE01F0))
    marks = enumerate(code for code in every if category(chr(code)).startswith("M"))
    runs = ([code for _, code in run] for _, run in groupby(marks, key=lambda mark: mark[1] - mark[0]))
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)


_LETTER: Final = rf"[^\W_{_UNSPACED}]"


@cache
def _run() -> re.Pattern[str]:
    return re.compile(
        # Most words of most texts end here: ASCII that no mark or apostrophe follows.
        r"(?P<ascii>[0-9A-Za-z]++(?![^\x00-&(-\x7f]))"
        rf"|(?P<unspaced>[{_UNSPACED}][{_UNSPACED}{_STRIPPED}{_INVISIBLE}]*+)"
        # A French or Italian article is a word of its own, so that "été" finds "l'été".
        rf"|(?i:{_ELIDED})(?=[{_APOSTROPHES}][^\W\d_])"
        rf"|{_LETTER}(?:{_LETTER}++"
        rf"|(?![\x00-\x7f{_UNSPACED}])[{_marks()}{_INVISIBLE}]"
        rf"|(?<![0-9])[{_APOSTROPHES}](?=[^\W\d_{_UNSPACED}]))*+"
    )


@cache
def _dropped() -> re.Pattern[str]:
    """Tatweel only stretches a word, and two modifier letters serve as apostrophes."""
    return re.compile(rf"[\W_\u0640\u02bb\u02bc](?:(?<=[{_STRIPPED}])|(?<![{_marks()}]))")


_PLAIN_RUN = re.compile(
    r"[\u4e00-\u9fff\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3\u0e01-\u0e32\u0e34-\u0e3a\u0e40-\u0e4e]*"
)
_UNIT = re.compile(
    r"[\u1100-\u1112\uac00-\ud7a3][\u1161-\u1175]?[\u11a8-\u11c2]?"
    rf"|[\s\S][\u3099\u309a\uff9e\uff9f{_STRIPPED}{_INVISIBLE}]{{,8}}"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
_LETTERS: Final = str.maketrans(
    dict(zip("\u0131\u00f8\u0142\u0111\u0127\u0167\u00f0", "ioldhtd", strict=True))
    | {"\u00e6": "ae", "\u0153": "oe", "\u00fe": "th"}
    # Alef wasla, alef maqsura, Farsi yeh, keheh, ta marbuta.
    | dict(zip("\u0671\u0649\u06cc\u06a9\u0629", "\u0627\u064a\u064a\u0643\u0647", strict=True))
    | {chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)}
)


class Span(Struct, frozen=True):
    """A word and where it stands in the text as given: `text[start:end]`."""

    word: str
    start: int
    end: int


def spans(text: str) -> Iterator[Span]:
    """Words in the order of the text, folded: without case and without the marks of alphabets.

    A run of a script that is written without spaces gives each two neighbours, then its last character alone, so
    that each character begins one word: ABC gives AB, BC, C.
    """
    return (Span(*one) for one in placed_words(text))


def words(text: str) -> list[str]:
    """As `spans`, without the places."""
    return [word for word, _, _ in placed_words(text)]


def title_marker(word: str) -> str:
    """The word that says of another that it stands in the title."""
    return f"·t{word}"


def with_characters(given: Sequence[str]) -> list[str]:
    """Words as `spans` gives them, then each character of unspaced scripts as a word that a search can look up."""
    known = set(given)
    begun = dict.fromkeys(word[0] for word in given if is_unspaced(word[0]))
    return [*given, *(char for char in begun if char not in known)]


def is_unspaced(char: str) -> bool:
    """Whether the character belongs to a script written without spaces, or with endings stuck on."""
    return _IS_UNSPACED.match(char) is not None


def placed_words(text: str) -> Iterator[tuple[str, int, int]]:
    """As `spans`, without making an object of each."""
    for run in _run().finditer(text):
        if run.lastgroup == "ascii":
            yield run[0][:MAX_WORD_CHARS].lower(), run.start(), run.end()
        elif run.lastgroup == "unspaced":
            yield from _neighbours(run[0], run.start())
        elif word := _folded(run[0][:_MAX_RAW_CHARS])[:MAX_WORD_CHARS]:
            yield word, run.start(), run.end()


def _folded(raw: str) -> str:
    letters = _dropped().sub("", normalize("NFKD", raw)).casefold().translate(_LETTERS)
    return normalize("NFC", letters)


def _neighbours(run: str, offset: int) -> Iterator[tuple[str, int, int]]:
    chars, starts, ends = _chars(run)
    last = len(chars) - 1
    for at in range(len(chars)):
        yield chars[at : at + 2], offset + starts[at], offset + ends[min(at + 1, last)]


def _chars(run: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The characters that are indexed, and where in the run each starts and ends."""
    if _PLAIN_RUN.fullmatch(run):
        return run, range(len(run)), range(1, len(run) + 1)
    placed = [(char, *unit.span()) for unit in _UNIT.finditer(run) for char in _folded(unit[0])]
    return "".join(char for char, _, _ in placed), [start for _, start, _ in placed], [end for _, _, end in placed]
