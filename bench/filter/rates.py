"""How well scores tell spam from ham."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scores:
    ham: list[float]
    spam: list[float]

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(self.ham + other.ham, self.spam + other.spam)


def area(scores: Scores) -> float:
    """Under the ROC curve: how often a piece of spam scores above a piece of ham; a tie counts half."""
    ham = sorted(scores.ham)
    above = sum(bisect_left(ham, one) + bisect_right(ham, one) for one in scores.spam)
    return above / 2 / (len(ham) * len(scores.spam))


def threshold(scores: Scores, ham_held: float) -> float:
    """The lowest that holds no more than this share of the ham."""
    return sorted(scores.ham, reverse=True)[int(ham_held * len(scores.ham))]


def caught(scores: Scores, ham_held: float) -> float:
    """The share of spam above the threshold that holds so much ham."""
    return above(scores.spam, threshold(scores, ham_held))


def above(scores: Sequence[float], limit: float) -> float:
    return sum(score > limit for score in scores) / len(scores)
