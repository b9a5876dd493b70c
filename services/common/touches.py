"""What a write touched, told to who passed it on: it has not to look for that in the feed of changes."""

from collections.abc import Iterable
from typing import Final

from services.common.header_lines import Header

HEADER: Final = "X-Dateline-Touches"
_NAME: Final = HEADER.lower().encode()


def touches_header(tags: Iterable[str]) -> dict[str, str]:
    """Of tags without spaces, which may be none."""
    return {HEADER: " ".join(tags)}


def touches_of(headers: Iterable[Header]) -> frozenset[str] | None:
    """None where the answer does not say."""
    for name, told in headers:
        if name.lower() == _NAME:
            return frozenset(told.decode("latin-1").split())
    return None
