"""A comment as numbers: blocks of named features that share one value, each with a bucket by its hash.

The value of a word, of two words in a row and of four letters falls with their number, so that a long text weighs no
more than a short one. Classes and signs weigh the same in every text: nobody hides a link in a long quotation.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import sqrt
from typing import Final, Literal, NamedTuple, get_args
from zlib import crc32

from services.comments.domain.filter.example import Example
from services.comments.domain.filter.folding import fold
from services.comments.domain.filter.lexicon import classes_by_word, stand_ins_by_word
from services.comments.domain.filter.signs import signs
from services.comments.domain.filter.tokens import host_of, tokens

Kind = Literal["start", "sign", "host", "class", "classes", "name", "name class", "word", "words", "letters"]
BUCKETS: Final = 2**18
_CLASS_VALUE: Final = 0.3
_WORD_VALUE: Final = 0.6
"""Of all words of a text together, against 1 for its letters. With 1.0 one in a hundred pieces of spam more got
through at 1 % of ham held."""
_NEAR: Final = 3
"""How many words apart two classes make a pair."""
_LETTERS: Final = 4
"""Bytes of UTF-8. 3 and 5 together caught as much for twice the time; 2 to 5 together caught no more either."""
_MAX_NAMED: Final = 10
_MAX_PAIRED: Final = 300
_MAX_LINE: Final = 600
"""Words and bytes of a long text. With 1,000 bytes all figures were the same."""
_EDGE: Final = b"\n"
_SALTS: Final[dict[Kind, int]] = {kind: crc32(kind.encode()) for kind in get_args(Kind)}


class Block(NamedTuple):
    """Features of one kind, all different, with one value above 0 and at most 2."""

    kind: Kind
    value: float
    names: tuple[bytes, ...]

    def buckets(self) -> list[int]:
        salt, last = _SALTS[self.kind], BUCKETS - 1
        return [crc32(name, salt) & last for name in self.names]


def blocks_of(example: Example) -> list[Block]:
    """Takes at most 5,000 characters into account, and ten words of the name."""
    folded = fold(example.text)
    found = tokens(folded.text)
    ends = _ends(found.words)
    blocks = [
        Block("start", 1.0, (b"",)),
        *[Block("sign", value, (name,)) for name, value in signs(folded, found)],
        *_author(example),
        _block("host", found.hosts[:_MAX_NAMED], 1.0),
        _block("class", _classes(found.words), _CLASS_VALUE),
        _block("classes", _class_pairs(ends), _CLASS_VALUE),
        _normalised("word", found.words, _WORD_VALUE),
        _normalised("words", _word_pairs(ends), _WORD_VALUE),
        _normalised("letters", letters_of(ends), 1.0),
    ]
    return [block for block in blocks if block.names]


def _author(example: Example) -> Iterator[Block]:
    if example.author_url:
        yield Block("sign", 1.0, (b"an address with the name",))
        yield Block("host", 1.0, (host_of(example.author_url),))
    if example.author_name:
        name = tokens(fold(example.author_name).text)
        words = name.words[:_MAX_NAMED]
        yield _normalised("name", words, 1.0)
        yield _block("name class", _classes(words), _CLASS_VALUE)
        if name.hosts:
            yield Block("sign", 1.0, (b"a link in the name",))


def _block(kind: Kind, names: Iterable[bytes], value: float) -> Block:
    return Block(kind, value, tuple(dict.fromkeys(names)))


def _normalised(kind: Kind, names: Iterable[bytes], together: float) -> Block:
    unique = tuple(dict.fromkeys(names))
    return Block(kind, together / sqrt(len(unique) or 1), unique)


def _ends(words: list[bytes]) -> list[bytes]:
    """The beginning and the end of a long text, for what would take too long to look for in all of it."""
    half = _MAX_PAIRED // 2
    return words if len(words) <= _MAX_PAIRED else words[:half] + words[-half:]


def _classes(words: list[bytes]) -> list[bytes]:
    by_word = classes_by_word()
    return [name for word in dict.fromkeys(words) if word in by_word for name in by_word[word]]


def _class_pairs(words: list[bytes]) -> list[bytes]:
    of_words = list(map(classes_by_word().get, words))
    near = {
        (first, second)
        for at, first in enumerate(of_words, 1)
        if first
        for second in of_words[at : at + _NEAR]
        if second
    }
    return [first + b", then " + second for firsts, seconds in sorted(near) for first in firsts for second in seconds]


def _word_pairs(words: list[bytes]) -> Iterator[bytes]:
    """With the class in place of a word that has one."""
    return map(b" ".join, pairwise([_EDGE, *map(stand_ins_by_word().get, words, words), _EDGE]))


def letters_of(words: list[bytes]) -> list[bytes]:
    line = b" " + b" ".join(words) + b" "
    if len(line) > _MAX_LINE:
        line = line[: _MAX_LINE // 2] + line[-_MAX_LINE // 2 :]
    return [line[at : at + _LETTERS] for at in range(len(line) - _LETTERS + 1)]
