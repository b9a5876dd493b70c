"""What moderators' decisions about half of a set's comments do for the other half."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.filter.examples import Labelled
from bench.filter.fitting import Calibration, calibrated
from bench.filter.folds import Fold
from bench.filter.rates import Scores
from services.comments.domain.filter.features import BUCKETS
from services.comments.domain.filter.learning import learn
from services.comments.domain.filter.scoring import Changes, features_of, score
from services.comments.domain.filter.seed import Seed, read_seed, seed_file


@dataclass(frozen=True, slots=True)
class Taught:
    """Probabilities of the second half."""

    name: str
    before: Scores
    after: Scores


def taught(folds: Sequence[Fold], calibration: Calibration) -> Iterator[Taught]:
    """With the weights of each fold, so that the set is a new one to it; and with no weights at all."""
    for fold in folds:
        yield _taught(fold.name, fold, read_seed(seed_file(calibrated(fold.weights, calibration))))
    for fold in folds:
        yield _taught(f"{fold.name}, without a seed", fold, read_seed(seed_file([0.0] * BUCKETS)))


def _taught(name: str, fold: Fold, seed: Seed) -> Taught:
    """In an order drawn at random."""
    rows = random.Random(1).sample(fold.left_out, len(fold.left_out))
    half = len(rows) // 2
    changes: dict[int, float] = {}
    for one in rows[:half]:
        changes |= learn(changes, features_of(one.example), seed, is_spam=one.is_spam)
    return Taught(name, _scores(rows[half:], {}, seed), _scores(rows[half:], changes, seed))


def _scores(rows: list[Labelled], changes: Changes, seed: Seed) -> Scores:
    found = [(one.is_spam, score(features_of(one.example), changes, seed)) for one in rows]
    return Scores([value for spam, value in found if not spam], [value for spam, value in found if spam])
