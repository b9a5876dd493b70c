"""How the score of a pair of posts came about, factor by factor."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from services.posts.domain.related.scores import Factors, factors
from services.posts.domain.related.vectors import UNIT, Vector

MOST: Final = 20
"""Shared terms, and labels, that are named."""


class Share(Struct, frozen=True):
    """A term or a label that both have, its weights in vectors of length one, and what it adds to their likeness."""

    of: int
    weight: float
    other_weight: float

    @property
    def product(self) -> float:
        return self.weight * self.other_weight


class Explanation(Struct, frozen=True):
    """Those that add most come first."""

    factors: Factors
    days: int
    terms: list[Share]
    labels: list[Share]


def explained(one: Vector, other: Vector) -> Explanation:
    return Explanation(
        factors(one, other),
        abs(one.day - other.day),
        _shares(one.by_term, other.by_term),
        _shares(one.by_label, other.by_label),
    )


def _shares(mine: Mapping[int, int], theirs: Mapping[int, int]) -> list[Share]:
    shared = [Share(of, mine[of] / UNIT, theirs[of] / UNIT) for of in mine.keys() & theirs.keys()]
    return sorted(shared, key=lambda share: (-share.product, share.of))[:MOST]
