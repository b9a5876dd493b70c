"""Which calls may take something away that readers were shown, and what shows it."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from services.gateway.cache.takedowns import THREADS

_POST: Final = re.compile(r"/posts/([0-9]+)(?:/|$)")
_AUTHOR: Final = re.compile(r"/authors/([0-9]+)$")
_COMMENTS: Final = re.compile(r"/comments/(?:decisions|[0-9]+)$")
_NAMED: Final[Sequence[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]]] = (
    ("posts", _POST, lambda found: f"post:{found[1]}"),
    ("posts", _AUTHOR, lambda found: f"author:{found[1]}"),
    ("comments", _COMMENTS, lambda _: THREADS),
)


def taken_down_by(service: str, path: str) -> str | None:
    """The tag of what a write at this path may take away; None for one that only adds."""
    for owner, pattern, tag in _NAMED:
        if owner == service and (found := pattern.match(path)):
            return tag(found)
    return None
