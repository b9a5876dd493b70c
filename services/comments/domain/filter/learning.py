"""What a moderator's decision about one comment teaches: one step of online logistic regression."""

from typing import Final

from services.comments.domain.filter.scoring import Changes, Features, score
from services.comments.domain.filter.seed import Seed

STEP: Final = 1.0
"""A decision moves the log-odds of its own comment by this much when the filter was sure of the opposite. With 2.0 more
spam was caught after two hundred decisions, and more ham was held."""
MAX_CHANGE: Final = 6.0


def learn(changes: Changes, features: Features, seed: Seed, *, is_spam: bool) -> dict[int, float]:
    """The new changes at the slots that the decision touches, at most 300, each between -MAX_CHANGE and MAX_CHANGE.

    Whoever calls keeps them with the others: `{**changes, **learn(...)}`. Only `features.slots` are looked up, so no
    other changes need to be loaded.
    """
    surprise = is_spam - score(features, changes, seed)
    step = STEP * surprise / sum(value * value for value in features.slots.values())
    return {slot: _bounded(changes.get(slot, 0.0) + step * value) for slot, value in features.slots.items()}


def _bounded(change: float) -> float:
    return max(-MAX_CHANGE, min(MAX_CHANGE, change))
