"""How well the comment filter tells spam it never saw: `python -m bench.filter_quality --data DIR`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from bench.filter.decisions import Taught, taught
from bench.filter.examples import labelled, own
from bench.filter.fitting import Calibration, calibrate
from bench.filter.folds import Fold, folds, own_left_out, pooled
from bench.filter.logistic import sigmoid
from bench.filter.rates import Scores, above, area, caught
from bench.filter.speed import Cost, costs
from services.comments.domain.filter.scoring import HOLD_ABOVE, SPAM_ABOVE

_HAM_HELD: Final = 0.01
_LIMITS: Final = (0.5, 0.7, HOLD_ABOVE, 0.9, 0.95, SPAM_ABOVE, 0.99)


def main(data: Annotated[Path, typer.Option(help="The folder with comments.jsonl and blog_templates.jsonl.")]) -> None:
    """Prints Markdown tables on standard output; takes half a minute."""
    rows = labelled(data) + own()
    done = list(folds(rows))
    calibration = calibrate(pooled(done))
    _table(["left out", "ham", "spam", "area under the curve", "spam caught, 1 % of ham held"], _quality(done))
    _table(["held above", "ham held", "spam held"], _limits(_probabilities(pooled(done), calibration)))
    own_heads = ["our own samples held above", "ham held", "spam held"]
    _table(own_heads, _limits(_probabilities(own_left_out(rows), calibration)))
    _table(["after decisions about half of", "area", "ham held", "spam held"], _learning(taught(done, calibration)))
    _table(["comment", "ms"], ([cost.name, f"{cost.median_ms:.2f}"] for cost in _speed()))


def _quality(done: Sequence[Fold]) -> Iterator[list[str]]:
    for fold in done:
        yield _measured(f"{fold.name}: comments", fold.comments)
        yield _measured(f"{fold.name}: comments unlike any it was trained on", fold.fresh)
        yield _measured(f"{fold.name}: its ham, a third of the templates", Scores(fold.comments.ham, fold.templates))
        yield _measured(f"{fold.name}: all", fold.everything())
    yield _measured("the three pooled", pooled(done))
    alls = [fold.everything() for fold in done]
    area_mean = sum(map(area, alls)) / len(alls)
    caught_mean = sum(caught(one, _HAM_HELD) for one in alls) / len(alls)
    yield ["the three, mean", "", "", f"{area_mean:.4f}", f"{caught_mean:.1%}"]


def _measured(name: str, scores: Scores) -> list[str]:
    counts = [str(len(scores.ham)), str(len(scores.spam))]
    return [name, *counts, f"{area(scores):.4f}", f"{caught(scores, _HAM_HELD):.1%}"]


def _limits(scores: Scores) -> Iterator[list[str]]:
    for limit in _LIMITS:
        yield [f"{limit}", f"{above(scores.ham, limit):.1%}", f"{above(scores.spam, limit):.1%}"]


def _probabilities(scores: Scores, calibration: Calibration) -> Scores:
    ham, spam = ([sigmoid(calibration.of(odds)) for odds in side] for side in (scores.ham, scores.spam))
    return Scores(ham, spam)


def _learning(rows: Iterator[Taught]) -> Iterator[list[str]]:
    for one in rows:
        pairs = [
            (f"{area(scores):.4f}", f"{above(scores.ham, HOLD_ABOVE):.1%}", f"{above(scores.spam, HOLD_ABOVE):.1%}")
            for scores in (one.before, one.after)
        ]
        yield [one.name, *(f"{before} → {after}" for before, after in zip(*pairs, strict=True))]


def _speed() -> Iterator[Cost]:
    return costs([one.example.text for one in own()])


def _table(heads: list[str], rows: Iterator[list[str]]) -> None:
    for cells in (heads, ["---"] * len(heads), *rows):
        print(f"| {' | '.join(cells)} |")
    print()


if __name__ == "__main__":
    typer.run(main)
