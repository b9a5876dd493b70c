"""What is stored of a post to compare it by: its terms with their counts and weights, its labels, its day."""

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from msgspec import Struct

UNIT: Final = 65_535
"""The length of a vector: weights are whole numbers, so that sums are the same wherever they are made."""
POSTED: Final = 64
"""A post is found by the heaviest of its terms."""
ASKED: Final = 48
"""And is looked for by fewer of another's."""
MAX_DF: Final = 20_000
"""Terms that more posts have are not looked for: they cost most and tell least."""


@dataclass
class Vector:
    """Parallel sequences, by the ids of terms; weights are of unit length. `day` counts from 1970. Never changed."""

    terms: Sequence[int]
    counts: Sequence[int]
    weights: Sequence[int]
    labels: Sequence[int]
    label_weights: Sequence[int]
    day: int

    @cached_property
    def by_term(self) -> Mapping[int, int]:
        return dict(zip(self.terms, self.weights, strict=True))

    @property
    def is_looked_up(self) -> bool:
        """Whether `by_term` is there already: to make it takes as long as to compare two posts by it."""
        return "by_term" in self.__dict__

    @cached_property
    def by_label(self) -> Mapping[int, int]:
        return dict(zip(self.labels, self.label_weights, strict=True))

    def is_as(self, other: "Vector") -> bool:
        """Whether both say the same, however it is weighed."""
        return _said(self) == _said(other)

    def heaviest(self, most: int) -> dict[int, int]:
        """Terms with their weights."""
        pairs = sorted(zip(self.weights, self.terms, strict=True), reverse=True)
        return {term: weight for weight, term in pairs[:most] if weight}


def _said(vector: Vector) -> tuple[object, ...]:
    return list(vector.terms), list(vector.counts), list(vector.labels), vector.day


class Frequencies(Struct, frozen=True):
    """Of how many posts each term and label is, and how many posts there are."""

    posts: int
    terms: Mapping[int, int]
    labels: Mapping[int, int]


def weighed(vector: Vector, of: Frequencies) -> Vector:
    """The same with the weights that these frequencies give."""
    pairs = zip(vector.terms, vector.counts, strict=True)
    terms = [math.sqrt(count) * rarity(of.terms.get(term, 1), of.posts) for term, count in pairs]
    labels = [rarity(of.labels.get(label, 1), of.posts) for label in vector.labels]
    return Vector(vector.terms, vector.counts, _unit(terms), vector.labels, _unit(labels), vector.day)


def rarity(having: int, posts: int) -> float:
    """The second part keeps what common words say in a small archive, where no word is rare."""
    return math.log((max(posts, having) + 1) / (having + 0.5)) + 50 / (posts + 50)


def _unit(weights: Sequence[float]) -> list[int]:
    length = math.sqrt(math.fsum(weight * weight for weight in weights))
    return [round(weight / length * UNIT) for weight in weights]


def packed_terms(vector: Vector) -> bytes:
    """All ids, then all counts, then all weights."""
    small = array("H", [*vector.counts, *vector.weights])
    return array("I", vector.terms).tobytes() + small.tobytes()


def packed_labels(vector: Vector) -> bytes:
    return array("q", vector.labels).tobytes() + array("H", vector.label_weights).tobytes()


def unpacked(terms: bytes, labels: bytes, day: int) -> Vector:
    """Of what the packing functions made."""
    ids, small = array("I", terms[: len(terms) // 2]), array("H", terms[len(terms) // 2 :])
    size, label_size = len(ids), len(labels) // 10
    label_ids, label_weights = array("q", labels[: 8 * label_size]), array("H", labels[8 * label_size :])
    return Vector(ids, small[:size], small[size:], label_ids, label_weights, day)
