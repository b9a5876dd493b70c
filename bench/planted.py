"""What stands in as many posts whatever the archive's size, and what stands in a fixed share of them by place."""

from typing import Final

from bench.vocabulary import planted, vocabulary

_PLACES: Final = 1_000
_ROUND: Final = 50
"""Each rare thing has one place of so many, hence twenty posts in archives of a thousand posts and more."""
RARE_WORDS: Final = planted("u", 20)
RARE_LABELS: Final = tuple(word.capitalize() for word in planted("o", 10))
RARE_PHRASES: Final = tuple(map(" ".join, zip(vocabulary()[50:55], vocabulary()[70:75], strict=True)))
"""Of two common words that seldom follow each other otherwise."""
_RARE: Final = dict(enumerate((*RARE_WORDS, *RARE_LABELS, *RARE_PHRASES)))
APART: Final = planted("a", 2)
"""A quarter of all posts has the one word, another quarter the other, none both."""
_EVERY: Final = 50
_EVERY_AT: Final = 7
_FOREIGN: Final = ("明日は雨だろう", "我们去年冬天来过", "友達と歩いた", "这里很安静", "夏の終わりに")
_ENDINGS: Final = ("図書館の地図を見た。", "図書館の地図を見た。", "港の灯台まで行く。")


def _rare(n: int, size: int) -> str | None:
    """What post n bears of the rare things."""
    place, rest = divmod(n, max(1, size // _PLACES))
    return None if rest else _RARE.get(place % _ROUND)


def words_planted(n: int, size: int) -> list[str]:
    apart = [APART[n // 2 % 2]] if n % 2 == 0 else []
    rare = _rare(n, size)
    return apart if rare is None or rare in RARE_LABELS else [*apart, *rare.split()]


def label_planted(n: int, size: int) -> str | None:
    rare = _rare(n, size)
    return rare if rare in RARE_LABELS else None


def foreign_sentence(n: int) -> str | None:
    """Japanese or Chinese, in a few posts."""
    turn, rest = divmod(n, _EVERY)
    return _FOREIGN[turn % len(_FOREIGN)] + "、" + _ENDINGS[turn % len(_ENDINGS)] if rest == _EVERY_AT else None
