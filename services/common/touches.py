"""What a write touched, told to who passed it on: it has not to look for that in the feed of changes."""

from collections.abc import Iterable, Mapping
from typing import Final

HEADER: Final = "X-Dateline-Touches"


def touches_header(tags: Iterable[str]) -> dict[str, str]:
    """Of tags without spaces, which may be none."""
    return {HEADER: " ".join(tags)}


def touches_of(headers: Mapping[str, str]) -> frozenset[str] | None:
    """None where the answer does not say."""
    told = headers.get(HEADER)
    return None if told is None else frozenset(told.split())
