"""A text as the filter reads it: tricks that hide words from programs are undone, and noted.

Every step takes time in proportion to the text, whatever is in it.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

MAX_CHARS: Final = 5000
_SLICE: Final = 64
"""Characters normalised at once: putting combining marks in order takes the square of their number."""
_UNSEEN: Final = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
# Only between letters: they are regular in emoji, in Persian, and at the ends of lines that were copied.
_HIDDEN = re.compile(f"(?<=[A-Za-z])[{_UNSEEN}]+(?=[A-Za-z])")
_INVISIBLE = re.compile(f"[{_UNSEEN}]+")
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{2,}")
_TWO_SCRIPTS = re.compile("[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]")
_MAX_LOOK_ALIKES: Final = 400
_WORD = re.compile(r"\w+")
_SPACED = re.compile(r"\b(?:\w[ .*_-]){3,}\w\b")
_SEPARATORS = re.compile(r"[ .*_-]")
_LONG = re.compile(r"(.)\1\1+", re.DOTALL)
_LOOK_ALIKE: Final = str.maketrans(
    "авекмнорстухіјѕԁԛԝАВЕКМНОРСТУХІЈЅαεικορτυνΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abekmhopctyxijsdqwABEKMHOPCTYXIJSaeikoptuvABEZHIKMNOPTYX",
)


class Folded(Struct, frozen=True):
    """The text in its own case, and which tricks were found in it."""

    text: str
    has_spaced_letters: bool
    has_hidden: bool = False
    has_two_scripts: bool = False
    has_stacked_marks: bool = False


@lru_cache(maxsize=8)
def fold(text: str) -> Folded:
    """Reads the first `MAX_CHARS` characters; any text is allowed, NUL and lone surrogates too.

    A comment is folded by all who look at it, one after the other.
    """
    text = text[:MAX_CHARS]
    if text.isascii():
        return _joined_up(text)
    plain = compatible(text)
    shown = _STACKED.sub("", plain)
    has_two_scripts = _TWO_SCRIPTS.search(shown) is not None
    return replace(
        _joined_up(_WORD.sub(_as_latin, shown, count=_MAX_LOOK_ALIKES) if has_two_scripts else shown),
        has_hidden=_HIDDEN.search(text) is not None,
        has_two_scripts=has_two_scripts,
        has_stacked_marks=shown != plain,
    )


def compatible(text: str) -> str:
    """In form NFKC without invisible characters, up to `MAX_CHARS` of it."""
    return _INVISIBLE.sub("", _compatible(text[:MAX_CHARS]))


def _joined_up(text: str) -> Folded:
    joined = _SPACED.sub(_joined, text)
    return Folded(_LONG.sub(_twice, joined), has_spaced_letters=joined != text)


def _compatible(text: str) -> str:
    """In form NFKC; cut again, because one character may become eighteen."""
    plain = ""
    for at in range(0, len(text), _SLICE):
        plain += unicodedata.normalize("NFKC", text[at : at + _SLICE])
        if len(plain) >= MAX_CHARS:
            break
    return plain[:MAX_CHARS]


def _as_latin(word: re.Match[str]) -> str:
    return word[0].translate(_LOOK_ALIKE) if _TWO_SCRIPTS.search(word[0]) else word[0]


def _twice(long: re.Match[str]) -> str:
    """As a template it would be taken apart for every text."""
    return long[1] * 2


def _joined(spaced: re.Match[str]) -> str:
    return _SEPARATORS.sub("", spaced[0])
