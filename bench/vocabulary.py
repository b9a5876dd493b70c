"""The words that made-up posts are written with: pronounceable, as unevenly used as those of a language."""

import random
from array import array
from functools import cache
from typing import Final

SEED: Final = 20
WORDS: Final = 50_000
_TABLE_BITS: Final = 20
_MASK: Final = (1 << _TABLE_BITS) - 1
_FLATTER: Final = 2.7
"""Added to ranks, because the most common words of a language are less common than Zipf says."""
_ONSETS: Final = "b br c ch d dr f fl g gr h j k l m n p pl pr r s sh sl st t th tr v w".split()
_NUCLEI: Final = "a e i o u ai ea ee oa ou".split()
_CODAS: Final = ["", *"n r l s t m d ck nd st rn ll".split()]
_SYLLABLES_UNTIL: Final = {1: 400, 2: 12_000, 3: WORDS}


@cache
def vocabulary() -> tuple[str, ...]:
    """By rank, the most common word first; common words are short. None has a `q`: planted ones do."""
    rng = random.Random(SEED)
    found: dict[str, None] = {}
    for syllables, until in _SYLLABLES_UNTIL.items():
        while len(found) < until:
            found["".join(_syllable(rng, is_last=at == syllables) for at in range(1, syllables + 1))] = None
    return tuple(found)


def _syllable(rng: random.Random, *, is_last: bool) -> str:
    return rng.choice(_ONSETS) + rng.choice(_NUCLEI) + (rng.choice(_CODAS) if is_last else "")


@cache
def _table() -> list[str]:
    """Each word as often as its share: drawing a number and looking here is quicker than drawing by weights."""
    shares = [1 / (rank + _FLATTER) for rank in range(1, WORDS + 1)]
    scale = (1 << _TABLE_BITS) / sum(shares)
    table: list[str] = []
    reached = 0.0
    for word, share in zip(vocabulary(), shares, strict=True):
        reached += share * scale
        table.extend([word] * (round(reached) - len(table)))
    return table


def drawn(rng: random.Random, count: int) -> list[str]:
    """Words of a text."""
    table = _table()
    return [table[number & _MASK] for number in array("I", rng.randbytes(array("I").itemsize * count))]


def planted(stem: str, count: int) -> tuple[str, ...]:
    """Words that stand only where they are put."""
    return tuple(f"q{stem}{word}" for word in vocabulary()[100 : 100 + count])
