"""Says in the outbox on which pages the related posts that are shown changed."""

from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from services.common.changes import Change
from services.common.database import Reads
from services.posts.queries.related_pages import (
    BeforeComputed,
    before_computed,
    computed_on_pages,
    live_posts_of,
)

KIND = "related.changed"
Told = Sequence[tuple[int, Any]]
"""Docs, best first, each with its reasons."""


def pages_changed(turn: int, post_ids: Collection[int]) -> list[Change]:
    return _changes(turn, {post_id: f"page:{post_id}" for post_id in post_ids})


async def lists_changed(reads: Reads, turn: int, lists: Mapping[int, tuple[Told, Told]]) -> list[Change]:
    """By post, its list before and after: of those whose pages show the difference."""
    pages = await computed_on_pages(reads, lists)
    posts = await live_posts_of(reads, {doc for post_id in pages for told in lists[post_id] for doc, _ in told})
    found = dict[int, str]()
    for post_id, most in pages.items():
        before, after = ([(posts[doc], why) for doc, why in told if doc in posts] for told in lists[post_id])
        if _changed_from(before, after, None, most) is None:  # most changes are too far down, whatever stands first
            continue
        place = _changed_from(before, after, await before_computed(reads, post_id), most)
        if place is not None:
            # each gateway knows its own number, and whether it shows the place
            found[post_id] = f"related:{post_id}:{place}" if most is None else f"page:{post_id}"
    return _changes(turn, found)


def _changed_from(before: Told, after: Told, others: BeforeComputed | None, most: int | None) -> int | None:
    """The first place on the page, counted from one, at which readers see the difference; None where they see none."""
    left_out = others.left_out if others else frozenset[int]()
    pairs = zip_longest(*([one for one in told if one[0] not in left_out] for told in (before, after)))
    first = others.links + 1 if others else 1
    place = next((place for place, (was, now) in enumerate(pairs, first) if was != now), None)
    return None if place is None or (most is not None and place > most) else place


def _changes(turn: int, touches: Mapping[int, str]) -> list[Change]:
    """One row for all of them: a post as such is as it was, so that followers of posts have nothing to do."""
    if not touches:
        return []
    return [Change(KIND, min(touches), turn, tuple(touches[post_id] for post_id in sorted(touches)))]
