"""Says in the outbox on which pages the related posts that are shown changed."""

from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from services.common.changes import Change
from services.common.database import Reads
from services.posts.queries.related_pages import (
    BeforeComputed,
    before_computed,
    computed_on_pages,
    live_posts_of,
)

KIND = "related.changed"
_NOTHING: Final = BeforeComputed(0, frozenset())
Told = Sequence[tuple[int, Any]]
"""Docs, best first, each with its reasons."""


def pages_changed(turn: int, post_ids: Collection[int]) -> list[Change]:
    return _changes(turn, {post_id: f"page:{post_id}" for post_id in post_ids})


async def lists_changed(reads: Reads, turn: int, lists: Mapping[int, tuple[Told, Told]]) -> list[Change]:
    """By post, its list before and after: of those whose pages show the difference."""
    pages = await computed_on_pages(reads, lists)
    posts = await live_posts_of(reads, {doc for post_id in pages for told in lists[post_id] for doc, _ in told})
    found = dict[int, str]()
    for post_id, page in pages.items():
        others = await before_computed(reads, post_id) if page.has_others else _NOTHING
        before, after = (_shown(told, posts, others) for told in lists[post_id])
        place = _changed_from(before, after, others.links + 1)
        if place is not None and (page.most is None or place <= page.most):
            # each gateway knows its own number, and whether it shows the place
            found[post_id] = f"related:{post_id}:{place}" if page.most is None else f"page:{post_id}"
    return _changes(turn, found)


def _shown(told: Told, posts: Mapping[int, int], others: BeforeComputed) -> list[tuple[int, Any]]:
    """Live posts that are not on the page already."""
    found = ((posts.get(doc), why) for doc, why in told)
    return [(post_id, why) for post_id, why in found if post_id is not None and post_id not in others.left_out]


def _changed_from(before: Told, after: Told, first: int) -> int | None:
    """The first place on the page at which readers see the difference, where computed ones begin at `first`."""
    pairs = enumerate(zip_longest(before, after), first)
    return next((place for place, (was, now) in pairs if was != now), None)


def _changes(turn: int, touches: Mapping[int, str]) -> list[Change]:
    """One row for all of them: a post as such is as it was, so that followers of posts have nothing to do."""
    if not touches:
        return []
    return [Change(KIND, min(touches), turn, tuple(touches[post_id] for post_id in sorted(touches)))]
