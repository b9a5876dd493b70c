"""Judged by what it never saw: a whole set of comments and a third of the templates are left out at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.filter.examples import OWN, TEMPLATES, Labelled, bare
from bench.filter.fitting import fit_weights
from bench.filter.logistic import odds, row
from bench.filter.rates import Scores
from services.comments.domain.filter.features import blocks_of

_OWN_PARTS: Final = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """Log-odds of what was left out. `fresh` are comments whose text is in no other set: the judge may repeat some."""

    name: str
    weights: list[float]
    left_out: list[Labelled]
    comments: Scores
    fresh: Scores
    templates: list[float]

    def everything(self) -> Scores:
        return Scores(self.comments.ham, self.comments.spam + self.templates)


def folds(rows: Sequence[Labelled]) -> Iterator[Fold]:
    names = sorted({one.group for one in rows} - {OWN, TEMPLATES})
    numbers = sorted({one.template for one in rows if one.template is not None})
    for nth, name in enumerate(names):
        templates = set(numbers[nth :: len(names)])
        left_out = [one for one in rows if one.group == name or one.template in templates]
        known = [one for one in rows if one.group != name and one.template not in templates]
        yield _fold(name, known, left_out)


def _fold(name: str, known: list[Labelled], left_out: list[Labelled]) -> Fold:
    weights = fit_weights(known)
    seen = {bare(one.example.text) for one in known}
    comments = [one for one in left_out if one.group == name]
    return Fold(
        name=name,
        weights=weights,
        left_out=comments,
        comments=_scores(comments, weights),
        fresh=_scores([one for one in comments if bare(one.example.text) not in seen], weights),
        templates=_scores([one for one in left_out if one.template is not None], weights).spam,
    )


def own_left_out(rows: Sequence[Labelled]) -> Scores:
    """Log-odds of our own samples, a fifth of them left out at a time."""
    samples = [one for one in rows if one.group == OWN]
    others = [one for one in rows if one.group != OWN]
    parts = [samples[nth::_OWN_PARTS] for nth in range(_OWN_PARTS)]
    scored = [_scores(part, fit_weights(others + [one for one in samples if one not in part])) for part in parts]
    return sum(scored, Scores([], []))


def pooled(all_folds: Sequence[Fold]) -> Scores:
    return sum((fold.everything() for fold in all_folds), Scores([], []))


def _scores(rows: list[Labelled], weights: list[float]) -> Scores:
    found = [(one.is_spam, odds(row(blocks_of(one.example), is_spam=one.is_spam), weights)) for one in rows]
    return Scores([score for spam, score in found if not spam], [score for spam, score in found if spam])
