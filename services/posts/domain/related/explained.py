"""A score taken apart, factor by factor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.posts.domain.related.scores import Factors, factors, shared_terms
from services.posts.domain.related.told import Spelling
from services.posts.domain.related.vectors import UNIT, Vector

TOLD: Final = 20
"""Terms told one by one, those that say most first."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Of a term or label, by its id, in either post."""

    id: int
    mine: float
    theirs: float

    @property
    def product(self) -> float:
        return self.mine * self.theirs


@dataclass(frozen=True, slots=True)
class Explanation:
    factors: Factors
    terms: Sequence[Weight]
    labels: Sequence[Weight]
    days_apart: int


@dataclass(frozen=True, slots=True)
class Explained:
    """Explanations by the other post, as far as both are known; and how terms are spelt."""

    explanations: Mapping[int, Explanation]
    spellings: Mapping[int, Spelling]


def explained(one: Vector, other: Vector) -> Explanation:
    terms = [term for term, _ in shared_terms(one, other, TOLD)]
    labels = sorted(one.by_label.keys() & other.by_label.keys())
    return Explanation(
        factors(one, other),
        _weights(terms, one.by_term, other.by_term),
        _weights(labels, one.by_label, other.by_label),
        abs(one.day - other.day),
    )


def _weights(ids: Sequence[int], mine: Mapping[int, int], theirs: Mapping[int, int]) -> list[Weight]:
    return [Weight(each, mine[each] / UNIT, theirs[each] / UNIT) for each in ids]
