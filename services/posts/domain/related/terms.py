"""The terms by which a post is compared: its words as search cuts them, without those that tell nothing."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct

from services.posts.domain.words import MAX_WORD_CHARS, is_unspaced, placed_words

MAX_WORDS: Final = 15_000
"""Of a body; what comes later counts as little as it does for search."""
MAX_TERMS: Final = 2_000
"""Of a post, the most frequent ones: 1 in 10,000 blog posts has more."""
TITLE_COUNTS: Final = 3
MAX_COUNT: Final = 65_535
_HIRAGANA = re.compile(r"[\u3041-\u309f]+")


class Term(Struct):
    """How often a post says it, its title counted `TITLE_COUNTS` times, and how it is written there. Never changed."""

    count: int
    surface: str


def terms_of(title: str, body: str) -> Mapping[str, Term]:
    """The most frequent ones first, each by its folded form."""
    counts, surfaces = dict[str, int](), dict[str, str]()
    for text, times in ((title, TITLE_COUNTS), (body, 1)):
        for word, start, end in islice(placed_words(text), MAX_WORDS):
            if word in counts or _tells(word):
                counts[word] = counts.get(word, 0) + times
                surface = _as_written(text[start:end], word)
                # lower case is the greater: a word that begins a sentence is written with a capital only there
                if surface > surfaces.get(word, ""):
                    surfaces[word] = surface
    best = sorted(counts, key=lambda word: -counts[word])[:MAX_TERMS]
    return {word: Term(min(counts[word], MAX_COUNT), surfaces[word]) for word in best}


def _as_written(written: str, word: str) -> str:
    """Folded, where it is too long to be told or hides something."""
    return written if len(written) <= MAX_WORD_CHARS and written.isprintable() else word


def _tells(word: str) -> bool:
    """Not single letters, nor the ends and particles of Japanese."""
    if not word.isascii() and is_unspaced(word[0]):
        return len(word) > 1 and _HIRAGANA.fullmatch(word) is None
    return len(word) > 1 or word.isdecimal()


def joined(surfaces: Sequence[str]) -> list[str]:
    """Words as they are told to readers: neighbours of unspaced scripts that overlap become one."""
    told = list[str]()
    if "".join(surfaces).isascii():
        return [*surfaces]
    for surface in surfaces:
        if not is_unspaced(surface[0]) or not _joins(surface, told):
            told.append(surface)
    return told


def _joins(surface: str, told: list[str]) -> bool:
    """Whether it overlaps with one of them, which becomes longer by it."""
    for at, other in enumerate(told):
        if not is_unspaced(other[0]):
            continue
        if other[-1] == surface[0]:
            told[at] = other + surface[1:]
            return True
        if surface[-1] == other[0]:
            told[at] = surface + other[1:]
            return True
    return False
