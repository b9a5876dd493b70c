"""Guesses the language of a post, so that words are weighed among posts of the same."""

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from services.posts.domain.related.function_words import FUNCTION_WORDS
from services.posts.domain.related.terms import Term
from services.posts.domain.words import words

_SCRIPTS: Final = (
    (0x0000, "latin"),
    (0x0370, "el"),
    (0x0400, "cyrillic"),
    (0x0530, "hy"),
    (0x0590, "he"),
    (0x0600, "arabic"),
    (0x0900, "devanagari"),
    (0x0980, "bn"),
    (0x0A00, "pa"),
    (0x0A80, "gu"),
    (0x0B00, "or"),
    (0x0B80, "ta"),
    (0x0C00, "te"),
    (0x0C80, "kn"),
    (0x0D00, "ml"),
    (0x0D80, "si"),
    (0x0E00, "th"),
    (0x0E80, "lo"),
    (0x0F00, "bo"),
    (0x1000, "my"),
    (0x10A0, "ka"),
    (0x1100, "ko"),
    (0x1200, "am"),
    (0x1780, "km"),
    (0x1800, "mn"),
    (0x1D00, "latin"),
    (0x1F00, "el"),
    (0x2E80, "zh"),
    (0x3040, "ja"),
    (0x3130, "ko"),
    (0x3190, "zh"),
    (0x31F0, "ja"),
    (0x3400, "zh"),
    (0xA960, "ko"),
    (0xD800, "other"),
    (0xF900, "zh"),
    (0xFB00, "latin"),
    (0xFB1D, "he"),
    (0xFB50, "arabic"),
    (0xFF00, "latin"),
    (0xFF66, "ja"),
    (0xFFA0, "ko"),
    (0x20000, "zh"),
)
"""Where scripts begin; one that a single great language is written in goes by that."""
_STARTS: Final = [start for start, _ in _SCRIPTS]
_LEAST_SHARE: Final = 0.02
"""Of a text's words that a language's own must make up; of a list of names they do not."""
_LEAST_KANA: Final = 0.1
"""A title of Japanese has hardly less, a Chinese text that names a Japanese thing hardly more."""


def language_of(terms: Mapping[str, Term], fallback: str) -> str:
    """`fallback` is for what is too short to tell, if it is written in the script of that language."""
    scripts = Counter[str]()
    for word, term in terms.items():
        scripts[_script(word)] += term.count
    if not scripts:
        return fallback
    if scripts["ja"] > _LEAST_KANA * (scripts["zh"] + scripts["ja"]) and scripts["ja"] + scripts["zh"] > sum(
        count for name, count in scripts.items() if name not in {"ja", "zh"}
    ):
        return "ja"
    script, _ = scripts.most_common(1)[0]
    languages = _languages().get(script)
    if languages is None:
        return script
    return _best(terms, languages) or (fallback if fallback in languages else script)


def _script(word: str) -> str:
    if word.isascii():  # as most are
        return "latin"
    return _SCRIPTS[bisect(_STARTS, ord(word[0])) - 1][1] if not word[0].isdecimal() else "latin"


def _best(terms: Mapping[str, Term], languages: Iterable[str]) -> str | None:
    total = sum(term.count for term in terms.values())
    hits = {one: sum(terms[word].count for word in function_words(one) if word in terms) for one in languages}
    best = max(hits, key=lambda one: hits[one])
    return best if hits[best] > max(1, _LEAST_SHARE * total) else None


@cache
def _languages() -> Mapping[str, list[str]]:
    """The languages of each script that several are written in."""
    found: dict[str, list[str]] = {}
    for language in FUNCTION_WORDS:
        found.setdefault(_script(min(function_words(language))), []).append(language)
    return found


@cache
def function_words(language: str) -> frozenset[str]:
    """Folded as terms are."""
    return frozenset(word for word in words(FUNCTION_WORDS.get(language, "")) if len(word) > 1)
