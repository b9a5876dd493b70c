"""The requests that are measured: the same ones of every archive, several of each kind."""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import quote, urlencode

from bench import content
from bench.planted import APART, RARE_LABELS, RARE_PHRASES, RARE_WORDS
from bench.vocabulary import SEED, vocabulary
from services.common.cursors import NumberCursor, TimeCursor
from services.posts.domain.indexed import first_docid

LIMIT: Final = 10
"""The blog's own number of posts on a page."""
_FEW: Final = 5
"""Where the smallest archive has no more."""


@dataclass(frozen=True, slots=True)
class Known:
    """What can be learnt of an archive only by looking: some paths, and where the second page begins."""

    paths: Sequence[str]
    former_paths: Sequence[str]
    second_page: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`is_hard`: no index can tell its few answers from the many posts that have its words."""

    name: str
    urls: Sequence[str] | Callable[[Known], Sequence[str]]
    is_hard: bool = False

    def of(self, known: Known) -> Sequence[str]:
        return self.urls(known) if callable(self.urls) else self.urls


def _list(path: str = "/articles", **given: str | int) -> str:
    return f"{path}?{urlencode({'limit': LIMIT} | given)}"


def _found(queries: Iterable[str], order: str = "newest") -> list[str]:
    return [_list(q=query, order=order) for query in queries]


def _by_path(paths: Sequence[str]) -> list[str]:
    return [f"/articles/by-path?path={quote(path, safe='')}" for path in paths]


_rng = random.Random(SEED)
_MIDDLE: Final = [content.date_of(_rng.randint(300, 700), 1_000) for _ in range(20)]
_AFTER: Final = [TimeCursor(at, 0).encode() for at in _MIDDLE]
_WORDS: Final = vocabulary()
_MOST: Final = _WORDS[:8]  # each in nearly all posts
_COMMON: Final = _WORDS[50:70]  # each in about 30 of 100
_PAIRS: Final = [f"{one} {other}" for one, other in zip(_WORDS[8:20], _WORDS[20:32], strict=True)]
_PHRASES: Final = [f'"{one} {other}"' for one, other in pairwise(_MOST)]
_EITHER: Final = [f"{one} OR {other}" for one, other in zip(RARE_WORDS, _COMMON, strict=True)]
_LABELS: Final = content.label_names()
_LABELLED: Final = [f"label:{label} {word}" for label, word in zip(_LABELS, _COMMON[:4], strict=False)]
_BY: Final = [(_LABELS[label], content.author_id(author)) for label, author in ((0, 0), (0, 1), (1, 0), (0, 2))]
_DEEP: Final = [(word, NumberCursor(first_docid(at)).encode()) for word, at in zip(_COMMON, _MIDDLE, strict=True)]

KINDS: Final = (
    Kind("newest", [_list()]),
    Kind("newest, second page", lambda known: [_list(cursor=known.second_page)]),
    Kind("newest, deep", [_list(cursor=after) for after in _AFTER]),
    Kind("month", [_list(year=at.year, month=at.month, limit=_FEW) for at in _MIDDLE]),
    Kind("year", [_list(year=year) for year in range(2015, 2025)]),
    Kind("archive", ["/archive"]),
    Kind("labels", [_list("/labels", limit=100)]),
    Kind("label, frequent", [_list(label=label) for label in _LABELS[:3]]),
    Kind("label, frequent, deep", [_list(label=_LABELS[0], cursor=after) for after in _AFTER]),
    Kind("label, rare", [_list(label=label) for label in RARE_LABELS]),
    Kind("author", [_list(author=content.author_id(place)) for place in range(10)]),
    Kind("label and author", [_list(label=label, author=author) for label, author in _BY]),
    Kind("article", lambda known: _by_path(known.paths)),
    Kind("article, former path", lambda known: _by_path(known.former_paths)),
    Kind("editor's list", [_list("/posts")]),
    Kind("editor's drafts", [_list("/posts", state="draft", limit=_FEW)]),
    Kind("search: common word", _found(_COMMON)),
    Kind("search: common word, best", _found(_COMMON, "best")),
    Kind("search: common word, deep", [_list(q=word, cursor=after) for word, after in _DEEP]),
    Kind("search: common word, month", [_list(q=word, year=2019, month=5, limit=_FEW) for word in _MOST]),
    Kind("search: rare word", _found(RARE_WORDS)),
    Kind("search: rare word, best", _found(RARE_WORDS, "best")),
    Kind("search: two words", _found(_PAIRS)),
    Kind("search: two words, best", _found(_PAIRS, "best")),
    Kind("search: common and rare word", _found(map(" ".join, zip(_MOST, RARE_WORDS, strict=False)))),
    Kind("search: phrase", _found(_PHRASES)),
    Kind("search: phrase, best", _found(_PHRASES, "best")),
    Kind("search: word -word", _found(f"{one} -{other}" for one, other in pairwise(_COMMON))),
    Kind("search: label:x word", _found(_LABELLED)),
    Kind("search: rare word OR common", _found(_EITHER)),
    Kind("search: a label's name", _found(label.lower() for label in _LABELS[:4])),
    Kind("search: no such word", _found(f"{word}qq" for word in _COMMON)),
    Kind("search: Japanese", _found(["図書館", "書館の地図", "館の地"])),
    Kind("search: one Han character", _found("図館地")),
    Kind("search: rare phrase", _found(f'"{phrase}"' for phrase in RARE_PHRASES)),
    Kind("search: phrase that is nowhere", _found(f'"{APART[0]} {word}"' for word in _MOST), is_hard=True),
    Kind("search: words never together", _found([" ".join(APART)]), is_hard=True),
    Kind("search: nearly all excluded", _found([f"{_COMMON[0]} -{' -'.join(_MOST[:3])}"]), is_hard=True),
)
