"""Says in the outbox on which pages the related posts that are shown changed."""

from collections.abc import Collection, Mapping

from services.common.changes import Change
from services.posts.queries.related_shown import Shown

KIND = "related.changed"


def pages_changed(turn: int, post_ids: Collection[int]) -> list[Change]:
    return _changes(turn, {post_id: f"page:{post_id}" for post_id in post_ids})


def lists_changed(turn: int, places: Mapping[int, int], shown: Mapping[int, Shown]) -> list[Change]:
    """By post, from which place on its list is another, and how far down its page shows it."""
    found = {post_id: _touched(post_id, places[post_id] - one.forbidden, one.most) for post_id, one in shown.items()}
    return _changes(turn, {post_id: tag for post_id, tag in found.items() if tag is not None})


def _touched(post_id: int, place: int, most: int | None) -> str | None:
    if most is None:  # each gateway knows its own number, and whether it shows the place
        return f"related:{post_id}:{max(place, 1)}"
    return f"page:{post_id}" if place <= most else None


def _changes(turn: int, touches: Mapping[int, str]) -> list[Change]:
    """One row for all of them: a post as such is as it was, so that followers of posts have nothing to do."""
    if not touches:
        return []
    return [Change(KIND, min(touches), turn, tuple(touches[post_id] for post_id in sorted(touches)))]
