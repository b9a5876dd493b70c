"""The slug of a new permalink, by the rule that Blogger's own permalinks follow."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final, Literal

from anyascii import anyascii

SlugLetters = Literal["latin", "transliterated"]
"""Whether letters of other scripts are left out or spelt in Latin ones."""
MAX_CHARS: Final = 40
FALLBACK: Final = "blog-post"
PAGE_FALLBACK: Final = "blog-page"
_SKIPPED: Final = frozenset({"a", "an", "the"})
_SEPARATORS = re.compile(r"[\s-]+")
_NOT_KEPT = re.compile(r"[^a-z0-9]")
_OPENING_WORDS: Final = 8


def slug(title: str, body_text: str = "", letters: SlugLetters = "latin", fallback: str = FALLBACK) -> str:
    """Words of the title, or of the body's beginning, in at most 40 characters; `fallback` when no letter is left."""
    source = title if title.strip() else " ".join(body_text.split()[:_OPENING_WORDS])
    if letters == "transliterated":
        source = anyascii(source)
    words = [_ascii(word) for word in _SEPARATORS.split(source.strip())]
    kept = [word for at, word in enumerate(words) if word and (at == 0 or word not in _SKIPPED)]
    return _cut("-".join(kept)) or fallback


def _ascii(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower())
    return _NOT_KEPT.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _cut(joined: str) -> str:
    if len(joined) <= MAX_CHARS:
        return joined
    head = joined[:MAX_CHARS]
    return head[: head.rfind("-")] if "-" in head else head


def month_folder(day: date) -> str:
    """What the generated paths of a month begin with."""
    return f"/{day.year:04}/{day.month:02}/"


def post_paths(post_slug: str, day: date) -> Iterator[str]:
    """Paths to try for a post first published on a day of the blog's zone, the plain one first, without end."""
    folder = month_folder(day) + post_slug
    yield f"{folder}.html"
    yield f"{folder}_{day.day}.html"
    yield from (f"{folder}_{number}.html" for number in _numbers(day.day))


def page_paths(page_slug: str) -> Iterator[str]:
    """Paths to try for a static page, without end."""
    yield f"/p/{page_slug}.html"
    yield from (f"/p/{page_slug}_{number}.html" for number in _numbers())


def _numbers(*but: int) -> Iterator[int]:
    number = 1
    while True:
        if number not in but:
            yield number
        number += 1
