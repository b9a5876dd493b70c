"""How likely a comment is spam, by the seed and by what moderators' decisions have changed since."""

from collections.abc import Iterable, Mapping
from math import exp
from typing import Final, Literal

from msgspec import Struct

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.features import Block, Kind, blocks_of
from services.comments.domain.filter.seed import Seed

Changes = Mapping[int, float]
"""Log-odds by slot, 0 where none stands: what decisions added to the seed."""
SLOTS: Final = 2**14
"""Decisions change at most this many numbers, however many there are of them."""
MAX_WORDS: Final = 200
"""Of the words of one comment, as many may be changed. Those with the lowest hashes: like texts then share them."""
_LEARNT: Final[dict[Kind, float]] = {
    "start": 0.2,
    "sign": 0.2,
    "host": 1.0,
    "class": 0.3,
    "name": 1.0,
    "name class": 0.3,
    "word": 1.5,
}
"""What decisions change, and how readily: one approved link says more about where it leads than about all links."""
HOLD_ABOVE: Final = 0.8
"""Held 0.9 % of the ham and 93.6 % of the spam of sets that it never saw."""
SPAM_ABOVE: Final = 0.98
"""One piece of ham of 580 was above, and 80.2 % of the spam."""
Verdict = Literal["live", "held", "spam"]
_SURE: Final = 30.0


class Features(Struct):
    """A comment as the filter sees it: blocks with their buckets."""

    blocks: tuple[tuple[Block, list[int]], ...]
    _slots: Mapping[int, float] | None = None

    @property
    def slots(self) -> Mapping[int, float]:
        """Those whose changes matter to it, at most 300, with their values. Asked for once decisions changed any."""
        if self._slots is None:
            self._slots = _slots_of(self.blocks)
        return self._slots


def features_of(example: Example) -> Features:
    return Features(tuple([(block, block.buckets()) for block in blocks_of(example)]))


def _slots_of(blocks: Iterable[tuple[Block, list[int]]]) -> Mapping[int, float]:
    slots: dict[int, float] = {}
    for block, buckets in blocks:
        if block.kind in _LEARNT:
            value = learnt_value(block)
            for bucket in learnt_buckets(block, buckets):
                slot = bucket % SLOTS
                slots[slot] = slots.get(slot, 0.0) + value
    return slots


def learnt_value(block: Block) -> float:
    """What a change of 1 at one of its buckets adds to the log-odds."""
    return block.value * _LEARNT[block.kind]


def learnt_buckets(block: Block, buckets: list[int]) -> list[int]:
    """Those that decisions change."""
    if block.kind not in _LEARNT:
        return []
    return buckets if len(buckets) <= MAX_WORDS else sorted(buckets)[:MAX_WORDS]


def log_odds(features: Features, changes: Changes, seed: Seed) -> float:
    weight = seed.weights.__getitem__
    shipped = sum(block.value * sum(map(weight, buckets)) for block, buckets in features.blocks)
    learnt = sum(value * changes.get(slot, 0.0) for slot, value in features.slots.items()) if changes else 0.0
    return shipped * seed.unit + learnt


def probability(odds: float) -> float:
    """Of being spam, from log-odds; calibrated for a blog where half of what comes in is spam."""
    return 1 / (1 + exp(-max(-_SURE, min(_SURE, odds))))


def score(features: Features, changes: Changes, seed: Seed) -> float:
    """The probability, above 0 and below 1, that the comment is spam."""
    return probability(log_odds(features, changes, seed))


def verdict(probability: float) -> Verdict:
    if probability > SPAM_ABOVE:
        return "spam"
    return "held" if probability > HOLD_ABOVE else "live"
