"""Which tags are evicted for a change: how many related links a page shows may be each gateway's own setting."""

from collections.abc import Iterable
from typing import Final

_PLACE: Final = "related"


def evicted_by(touches: Iterable[str], related_shown: int) -> set[str]:
    """`related:ID:3`, a list that is another from its third place on, stands for the page that shows as many."""
    return {tag for each in touches if (tag := _evicted(each, related_shown)) is not None}


def _evicted(tag: str, related_shown: int) -> str | None:
    kind, _, rest = tag.partition(":")
    if kind != _PLACE:
        return tag
    post_id, place = rest.split(":")
    return f"page:{post_id}" if int(place) <= related_shown else None
