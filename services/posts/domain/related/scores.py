"""How much two posts have to do with each other, and why. The order of the two makes no difference."""

import math
from collections.abc import Mapping, Sequence
from itertools import compress
from operator import mul
from typing import Final

from msgspec import Struct

from services.posts.domain.related.vectors import UNIT, Vector

WHOLE: Final = 1_000_000
"""A score is stored as so many parts of one; a pair has at most 1.6."""
REASONS: Final = 6
"""Terms kept of a pair: more than are told, because neighbours of unspaced scripts join."""
_LABELS_ADD: Final = 0.3
_DATE_ADDS: Final = 0.3
_YEAR_DAYS: Final = 365


class Factors(Struct):
    """What a score is made of: `words * (1 + labels + date)`."""

    words: float
    labels: float
    date: float

    @property
    def score(self) -> int:
        return round(self.words * (1 + self.labels + self.date) * WHOLE)


def factors(one: Vector, other: Vector) -> Factors:
    words = similarity(one, other)
    days = abs(one.day - other.day)
    labels = _product(one.by_label, other.labels, other.label_weights)
    return Factors(words, _LABELS_ADD * labels, _DATE_ADDS * math.exp(-days / _YEAR_DAYS))


def similarity(one: Vector, other: Vector) -> float:
    """The cosine of what both say, from 0 to 1. Quicker where either is the same each time."""
    if other.is_looked_up and not one.is_looked_up:
        one, other = other, one
    return _product(one.by_term, other.terms, other.weights)


def _product(one: Mapping[int, int], others: Sequence[int], weights: Sequence[int]) -> float:
    shared = list(map(one.get, others))  # most are of the other alone
    total: int = sum(map(mul, filter(None, shared), compress(weights, shared)))
    return total / UNIT**2


def shared_terms(one: Vector, other: Vector, most: int = REASONS) -> list[tuple[int, float]]:
    """The terms that say most of what both say, each with its part of the similarity."""
    mine = one.by_term
    theirs = zip(other.terms, other.weights, strict=True)
    parts = sorted([(-mine[term] * weight, term) for term, weight in theirs if term in mine])
    return [(term, -part / UNIT**2) for part, term in parts[:most]]


def shared_label(one: Vector, other: Vector) -> int | None:
    """The rarest that both bear: the heaviest, as the weights of a post's labels differ by rarity alone."""
    shared = one.by_label.keys() & other.by_label.keys()
    return max(shared, key=lambda label: (one.by_label[label] + other.by_label[label], -label), default=None)
