"""The slug of a new permalink, by the rule that Blogger's own permalinks follow."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final

MAX_CHARS: Final = 40
FALLBACK: Final = "blog-post"
_SKIPPED: Final = frozenset({"a", "an", "the"})
_SEPARATORS = re.compile(r"[\s-]+")
_NOT_KEPT = re.compile(r"[^a-z0-9]")
_OPENING_WORDS: Final = 8


def slug(title: str, body_text: str = "") -> str:
    """Words of the title, or of the body's beginning, in at most 40 characters; `blog-post` when no letter is left."""
    source = title if title.strip() else " ".join(body_text.split()[:_OPENING_WORDS])
    words = [_ascii(word) for word in _SEPARATORS.split(source.strip())]
    kept = [word for at, word in enumerate(words) if word and (at == 0 or word not in _SKIPPED)]
    return _cut("-".join(kept)) or FALLBACK


def _ascii(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.lower())
    return _NOT_KEPT.sub("", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _cut(joined: str) -> str:
    if len(joined) <= MAX_CHARS:
        return joined
    head = joined[:MAX_CHARS]
    return head[: head.rfind("-")] if "-" in head else head


def post_paths(post_slug: str, day: date) -> Iterator[str]:
    """Paths to try for a post first published on a day of the blog's zone, the plain one first, without end."""
    folder = f"/{day.year:04}/{day.month:02}/{post_slug}"
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
