"""Trains the comment filter's seed: `python -m bench.train_filter --data DIR OUT`; the same bytes on every run."""

from pathlib import Path
from typing import Annotated

import typer

from bench.filter.examples import labelled, own
from bench.filter.fitting import calibrate, calibrated, fit_weights
from bench.filter.folds import folds, pooled
from services.comments.domain.filter.seed import seed_file


def main(
    out: Annotated[Path, typer.Argument(help="Where the seed is written.")],
    data: Annotated[Path, typer.Option(help="The folder with comments.jsonl and blog_templates.jsonl.")],
) -> None:
    """Fits all there is; calibrates by what was left out in turns. Takes half a minute."""
    rows = labelled(data) + own()
    calibration = calibrate(pooled(list(folds(rows))))
    out.write_bytes(seed_file(calibrated(fit_weights(rows), calibration)))


if __name__ == "__main__":
    typer.run(main)
