"""Article n of a made-up archive whose articles have topics: the same whenever it is asked for."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Final, TypeVar

from bench.vocabulary import SEED, WORDS, drawn, vocabulary
from services.posts.domain.related.function_words import FUNCTION_WORDS

T = TypeVar("T")
_FIRST: Final = datetime(2010, 1, 1, tzinfo=UTC)
_YEARS: Final = timedelta(days=15 * 365)
_TOPICS: Final = 2_000
_FLATTER: Final = 10
"""Added to ranks: the greatest topic has a sixtieth of all articles."""
_TOPIC_WORDS: Final = 150
_NAMES: Final = 1_500_000
_LABELS: Final = 2


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    paragraphs: list[str]
    labels: tuple[str, ...]
    published: datetime


def article(n: int, size: int) -> Article:
    """About 300 words, 180 different ones, as in real posts: common ones, others, its topics', and ever more names."""
    rng = random.Random(SEED << 40 | n)
    topic, beside, *others = _drawn(rng, range(_TOPICS), 2 + _LABELS)
    length = rng.randint(200, 400)
    names = [_name(rng) for _ in range(length // 40)]
    words = [
        *_drawn(rng, _common(), length * 30 // 100),
        *drawn(rng, length * 30 // 100),
        *_drawn(rng, _words_of(topic), length * 24 // 100),
        *_drawn(rng, _words_of(beside), length * 8 // 100),
        *rng.choices(names, k=length * 8 // 100),
    ]
    rng.shuffle(words)
    title = [*_drawn(rng, _words_of(topic), 4), *drawn(rng, 3), names[0]]
    labels = dict.fromkeys(f"Topic {one}" for one in (topic, beside, *others))
    published = _FIRST + _YEARS * (n / size)
    paragraphs = [" ".join(words[at : at + 60]).capitalize() + "." for at in range(0, len(words), 60)]
    return Article(" ".join(title).capitalize(), paragraphs, tuple(labels), published)


def _drawn(rng: random.Random, of: Sequence[T], count: int) -> list[T]:
    return rng.choices(of, cum_weights=_shares(len(of)), k=count)


@cache
def _shares(count: int) -> list[float]:
    return list(accumulate(1 / (rank + _FLATTER) for rank in range(1, count + 1)))


@cache
def _common() -> list[str]:
    """By them a text is taken for English."""
    return FUNCTION_WORDS["en"].split()


@cache
def _words_of(topic: int) -> list[str]:
    """Neither the most common words of the language nor its rarest."""
    return random.Random(SEED << 41 | topic).sample(vocabulary()[300:20_000], _TOPIC_WORDS)


def _name(rng: random.Random) -> str:
    """Often one of the few that everybody knows: ranks are spread evenly over their logarithms."""
    rank = int(_NAMES ** rng.random())
    of = vocabulary()
    return f"{of[rank * 7_919 % WORDS]}{of[rank // WORDS * 31 % WORDS]}" if rank > WORDS else f"{of[rank - 1]}son"
