"""Says in the outbox on which pages the related posts that are shown changed."""

from collections.abc import Collection

from services.common.changes import Change

KIND = "related.changed"


def lists_changed(turn: int, post_ids: Collection[int]) -> list[Change]:
    """One row for all of them: a post as such is as it was, so that followers of posts have nothing to do."""
    if not post_ids:
        return []
    return [Change(KIND, min(post_ids), turn, tuple(f"page:{post_id}" for post_id in sorted(post_ids)))]
