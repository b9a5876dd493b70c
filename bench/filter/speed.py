"""What judging one comment costs in processor time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Final

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.folding import MAX_CHARS
from services.comments.domain.filter.scoring import features_of, score
from services.comments.domain.filter.seed import shipped_seed

_TIMES: Final = 50


@dataclass(frozen=True, slots=True)
class Cost:
    name: str
    median_ms: float


def costs(texts: Sequence[str]) -> Iterator[Cost]:
    """Of a short comment, of prose at full length, and of texts made to be slow."""
    prose = " ".join(texts)
    shown = {
        "of 100 characters": prose[:100],
        "of 1,000 characters": prose[:1000],
        "of 5,000 characters": prose,
        "one letter 5,000 times": "a" * MAX_CHARS,
        "calls to act and nothing else": "subscribe my " * 400,
        "830 links": "a.com " * 830,
        "5,000 combining marks": "\u0301\u0316" * 2500,
        "two scripts in each word": "\u0430b " * 1700,
        "ligatures that become eighteen letters": "\ufdfa" * MAX_CHARS,
        "zero-width and bidi characters": "\u202ea\u200b" * 1700,
    }
    for name, text in shown.items():
        yield Cost(name, median(_once(text[:MAX_CHARS]) for _ in range(_TIMES)))


def _once(text: str) -> float:
    seed = shipped_seed()
    began = process_time()
    score(features_of(Example(text)), {}, seed)
    return (process_time() - began) * 1000
