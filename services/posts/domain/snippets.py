"""The piece of a text that shows best why a search found it, with what was found marked."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import Final
from unicodedata import category

from msgspec import Struct

from services.posts.domain.search import Phrase
from services.posts.domain.words import MAX_WORD_CHARS, Span, is_unspaced, spans

_ELLIPSIS: Final = "…"
_MAX_MARKS: Final = 8
_MAX_HITS: Final = 500
"""Places that are weighed; a common word has thousands in a long text."""


class Fragment(Struct, frozen=True):
    text: str
    is_match: bool


class _Hit(Struct, frozen=True):
    phrase: Phrase
    start: int
    end: int


def snippet(text: str, phrases: Collection[Phrase], max_chars: int = 200) -> list[Fragment]:
    """The piece around the first place with the most different phrases; the beginning where there is none.

    Joined, the fragments are the piece with its ellipses. The text is read until all phrases stand close together,
    hence to its end if they never do: 0.4 s a megabyte.
    """
    begin, end = _window(text, phrases, max_chars)
    piece = _ELLIPSIS * (begin > 0) + text[begin:end] + _ELLIPSIS * (end < len(text))
    return list(_fragments(piece, phrases))


def _fragments(piece: str, phrases: Collection[Phrase]) -> Iterator[Fragment]:
    at = 0
    for start, end in _marked(piece, phrases):
        if at < start:
            yield Fragment(piece[at:start], is_match=False)
        yield Fragment(piece[start:end], is_match=True)
        at = end
    if at < len(piece):
        yield Fragment(piece[at:], is_match=False)


def _marked(piece: str, phrases: Collection[Phrase]) -> list[tuple[int, int]]:
    """Places in their order, none touching the next."""
    merged: list[tuple[int, int]] = []
    for hit in sorted(_hits(piece, phrases), key=lambda hit: hit.start):
        if merged and hit.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(hit.end, merged[-1][1]))
        else:
            merged.append((hit.start, hit.end))
    return merged


def _hits(text: str, phrases: Collection[Phrase]) -> Iterator[_Hit]:
    """In the order in which they end."""
    if not phrases:
        return
    whole, characters = _by_last_word(phrases)
    read: list[Span] = []
    found: list[str] = []
    for span in spans(text):
        read.append(span)
        found.append(span.word)
        begun = [phrase for phrase in characters if span.word.startswith(phrase.words[-1])]
        for phrase in chain(whole.get(span.word, ()), begun):
            first = len(found) - len(phrase.words)
            if first >= 0 and tuple(found[first:-1]) == phrase.words[:-1]:
                yield _Hit(phrase, read[first].start, _end(text, phrase, span))


def _by_last_word(phrases: Collection[Phrase]) -> tuple[dict[str, list[Phrase]], list[Phrase]]:
    """Without this table each word of the text would be held against each phrase."""
    whole: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        if not phrase.is_character:
            whole[phrase.words[-1]].append(phrase)
    return whole, [phrase for phrase in phrases if phrase.is_character]


def _end(text: str, phrase: Phrase, last: Span) -> int:
    """Where the last word ends, or what was asked of it, with the marks upon that."""
    end = min(last.start + len(phrase.words[-1]), last.end) if phrase.is_character else last.end
    for _ in range(_MAX_MARKS):
        end += _is_mark(text[end : end + 1])
    return end


def _window(text: str, phrases: Collection[Phrase], max_chars: int) -> tuple[int, int]:
    if len(text) <= max_chars:
        return 0, len(text)
    size = max(max_chars - 2 * len(_ELLIPSIS), 1)
    first, last = _densest(text, phrases, size)
    begin = max(0, min(first - (size - (last - first)) // 2, len(text) - size))
    end = begin + size
    starts = range(begin, min(begin + MAX_WORD_CHARS, first) + 1)
    ends = range(end, max(end - MAX_WORD_CHARS, last, begin + 1) - 1, -1)
    begin = next((at for at in starts if _is_border(text, at) and not text[at].isspace()), begin)
    return begin, next((at for at in ends if _is_border(text, at) and not text[at - 1].isspace()), end)


def _densest(text: str, phrases: Collection[Phrase], size: int) -> tuple[int, int]:
    """The first place of at most `size` characters with the most different phrases; (0, 0) without any."""
    wanted, most, place = len(set(phrases)), 0, (0, 0)
    inside: deque[_Hit] = deque()
    counts: Counter[Phrase] = Counter()
    for hit in islice(_hits(text, phrases), _MAX_HITS):
        inside.append(hit)
        counts[hit.phrase] += 1
        while hit.end - inside[0].start > size and len(inside) > 1:
            gone = inside.popleft().phrase
            counts[gone] -= 1
            if not counts[gone]:
                del counts[gone]
        if len(counts) > most:
            most, place = len(counts), (inside[0].start, min(hit.end, inside[0].start + size))
        if most == wanted:
            break
    return place


def _is_border(text: str, at: int) -> bool:
    """Whether the text may be cut here: neither inside a word nor between a letter and its marks."""
    if at in {0, len(text)}:
        return True
    return not _is_mark(text[at]) and not (_joins(text[at - 1]) and _joins(text[at]))


def _joins(char: str) -> bool:
    return (char.isalnum() or _is_mark(char)) and not is_unspaced(char)


def _is_mark(char: str) -> bool:
    return bool(char) and category(char).startswith("M")
