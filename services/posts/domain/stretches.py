"""Cuts the archive into stretches of some months that a search may take one at a time, however many posts there are."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from services.posts.domain.indexed import first_docid, month_marker
from services.posts.domain.months import Month

_UTC: Final = ZoneInfo("UTC")
_ZONES_APART: Final = timedelta(days=1)
"""A month of the blog's zone begins at most so far from the same month of UTC."""

Docids = tuple[int, int]
"""From the first to before the second."""


class Stretch(Struct, frozen=True):
    """Every live post with one of the docids bears one of the markers. Beyond the last, which needs none, there are no
    others.
    """

    docids: Docids
    markers: Sequence[str]
    is_last: bool


def first_stretch(counts: Sequence[tuple[Month, int]], within: Docids, min_posts: int, *, is_back: bool) -> Stretch:
    """The newest months within docids that have so many live posts together; the oldest, going back.

    `counts` are the archive's, by months of the blog's zone, newest first.
    """
    least, end = within
    reached = [(month, count) for month, count in counts if _reach(month)[0] < end and least < _reach(month)[1]]
    taken = _taken(reversed(reached) if is_back else reached, min_posts)
    is_last = len(taken) == len(reached)
    if not is_last and is_back:
        end = _reach(taken[-1])[1]
    elif not is_last:
        least = _reach(taken[-1])[0]
    return Stretch((least, end), [] if is_last else _markers(taken), is_last)


def _taken(counts: Iterable[tuple[Month, int]], min_posts: int) -> list[Month]:
    taken, posts = list[Month](), 0
    for month, count in counts:
        if posts >= min_posts:
            break
        taken.append(month)
        posts += count
    return taken


def _reach(month: Month) -> Docids:
    """What no live post of the month stands outside of."""
    begins, ends = month.span(_UTC)
    return first_docid(begins - _ZONES_APART), first_docid(ends + _ZONES_APART)


def _markers(months: Iterable[Month]) -> list[str]:
    """Of the months as UTC knows them: some posts stand in the one before or the one after."""
    near = {of for month in months for of in (month.before(), month, month.after())}
    return [month_marker(month.begins(_UTC)) for month in sorted(near)]
