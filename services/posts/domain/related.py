"""Ranks what a post may be related to. The measure here is shared labels; a better one replaces this file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

STORED: Final = 20
"""Computed links a post at most."""


@dataclass(frozen=True, slots=True)
class SharedLabel:
    """Another live post that bears a label of the post in question; `live_count` is how many do."""

    post_id: int
    label: str
    live_count: int


@dataclass(frozen=True, slots=True)
class Related:
    post_id: int
    labels: tuple[str, ...]


def rank_by_labels(shared: Iterable[SharedLabel]) -> list[Related]:
    """Best first: a rare label weighs more than a common one; newer ids win a tie."""
    weights: dict[int, float] = defaultdict(float)
    labels: dict[int, list[SharedLabel]] = defaultdict(list)
    for one in shared:
        weights[one.post_id] += 1 / max(one.live_count, 1)
        labels[one.post_id].append(one)
    best = sorted(weights, key=lambda post_id: (-weights[post_id], -post_id))[:STORED]
    return [Related(post_id, _rarest_first(labels[post_id])) for post_id in best]


def _rarest_first(shared: list[SharedLabel]) -> tuple[str, ...]:
    return tuple(one.label for one in sorted(shared, key=lambda one: (one.live_count, one.label)))
