"""Says in the outbox on which pages the related posts that are shown changed."""

from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from services.common.changes import Change
from services.common.database import Reads
from services.posts.queries.related_pages import (
    BeforeComputed,
    RelatedPart,
    before_computed,
    computed_on_pages,
    live_posts_of,
)

KIND = "related.changed"
_NOTHING: Final = BeforeComputed()
Told = Sequence[tuple[int, Any]]
"""Docs or posts, best first, each with its reasons or its kind."""


async def first_links(reads: Reads, post_ids: Collection[int]) -> Mapping[int, BeforeComputed]:
    """What pages show before computed ones, where they show computed ones."""
    pages = await computed_on_pages(reads, post_ids)
    return {post_id: await _before(reads, post_id, page) for post_id, page in pages.items()}


async def links_changed(reads: Reads, turn: int, before: Mapping[int, BeforeComputed]) -> list[Change]:
    """Of posts whose links with others may be other ones now, those whose pages show it."""
    found = dict[int, str | None]()
    for post_id, page in (await computed_on_pages(reads, before)).items():
        was, now = before[post_id], await _before(reads, post_id, page)
        found[post_id] = _touched(post_id, _changed_from(was.told, now.told, was.picked + 1), page.most)
    return _changes(turn, found)


async def lists_changed(reads: Reads, turn: int, lists: Mapping[int, tuple[Told, Told]]) -> list[Change]:
    """By post, its list before and after: of those whose pages show the difference."""
    pages = await computed_on_pages(reads, lists)
    posts = await live_posts_of(reads, {doc for post_id in pages for told in lists[post_id] for doc, _ in told})
    found = dict[int, str | None]()
    for post_id, page in pages.items():
        others = await _before(reads, post_id, page)
        before, after = (_shown(told, posts, others) for told in lists[post_id])
        found[post_id] = _touched(post_id, _changed_from(before, after, others.links + 1), page.most)
    return _changes(turn, found)


async def _before(reads: Reads, post_id: int, page: RelatedPart) -> BeforeComputed:
    return await before_computed(reads, post_id) if page.has_others else _NOTHING


def _shown(told: Told, posts: Mapping[int, int], others: BeforeComputed) -> list[tuple[int, Any]]:
    """Live posts that are not on the page already."""
    found = ((posts.get(doc), why) for doc, why in told)
    return [(post_id, why) for post_id, why in found if post_id is not None and post_id not in others.left_out]


def _touched(post_id: int, place: int | None, most: int | None) -> str | None:
    if place is None or (most is not None and place > most):
        return None
    # each gateway knows its own number, and whether it shows the place
    return f"related:{post_id}:{place}" if most is None else f"page:{post_id}"


def _changed_from(before: Told, after: Told, first: int) -> int | None:
    """The first place on the page at which readers see the difference, where these begin at `first`."""
    pairs = enumerate(zip_longest(before, after), first)
    return next((place for place, (was, now) in pairs if was != now), None)


def _changes(turn: int, touches: Mapping[int, str | None]) -> list[Change]:
    """One row for all of them: a post as such is as it was, so that followers of posts have nothing to do."""
    told = {post_id: tag for post_id, tag in sorted(touches.items()) if tag is not None}
    return [Change(KIND, min(told), turn, tuple(told.values()))] if told else []
