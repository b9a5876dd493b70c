"""From labelled comments to weights, and from log-odds to probabilities that mean what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.filter.examples import Labelled, with_disguised, without_copies
from bench.filter.logistic import fit, row, sigmoid
from bench.filter.rates import Scores
from services.comments.domain.filter.features import Block, blocks_of

_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Calibration:
    """Takes log-odds as they were fitted to log-odds that hold for comments that were not fitted."""

    slope: float
    start: float

    def of(self, odds: float) -> float:
        return self.slope * odds + self.start


def fit_weights(rows: Sequence[Labelled]) -> list[float]:
    used = with_disguised(without_copies(rows))
    return fit([row(blocks_of(one.example), is_spam=one.is_spam) for one in used])


def calibrate(scores: Scores) -> Calibration:
    """By Newton's method (Platt's scaling), as if half of all comments were spam."""
    rows = [(one, 0, 0.5 / len(scores.ham)) for one in scores.ham]
    rows += [(one, 1, 0.5 / len(scores.spam)) for one in scores.spam]
    slope = start = 0.0  # from here the steps are short enough to arrive
    for _ in range(_STEPS):
        s1 = s0 = c11 = c10 = c00 = 0.0
        for odds, label, share in rows:
            guess = sigmoid(slope * odds + start)
            error, curve = share * (guess - label), share * guess * (1 - guess)
            s1, s0 = s1 + error * odds, s0 + error
            c11, c10, c00 = c11 + curve * odds * odds, c10 + curve * odds, c00 + curve
        scale = c11 * c00 - c10 * c10
        slope, start = slope - (c00 * s1 - c10 * s0) / scale, start - (c11 * s0 - c10 * s1) / scale
    return Calibration(slope, start)


def calibrated(weights: list[float], by: Calibration) -> list[float]:
    (start,) = Block("start", 1.0, (b"",)).buckets()
    scaled = [weight * by.slope for weight in weights]
    scaled[start] += by.start
    return scaled
