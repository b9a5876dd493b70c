"""What the search index holds of a post: its words up to a limit, markers of what it is, and its place in time."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final

from services.posts.domain.words import spans, title_marker, with_characters, words

MAX_WORDS: Final = 15_000
"""PostgreSQL tells places apart up to the 16,383rd word of a text, titles and markers included."""
MAX_CHARS: Final = 150_000
"""Of the words together: a tsvector holds one megabyte, and a character has up to four bytes."""
_LOW_BITS: Final = 14
"""Milliseconds of the years up to 9999 take 48 of 63 bits."""
_LOW: Final = (1 << _LOW_BITS) - 1
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MILLISECOND: Final = timedelta(milliseconds=1)


def indexed_words(text: str) -> str:
    """The words that a search finds in a text, parted by spaces."""
    kept, left = list[str](), MAX_CHARS
    for span in spans(text):
        left -= len(span.word)
        if len(kept) == MAX_WORDS or left < 0:
            break
        kept.append(span.word)
    return " ".join(with_characters(kept))


def label_marker(label_id: int) -> str:
    return f"·l{label_id}"


def author_marker(author_id: int) -> str:
    return f"·a{author_id}"


def state_marker(state: str, kind: str) -> str:
    return f"·{state}{kind}"


def markers(state: str, kind: str, author_id: int | None, label_ids: Collection[int], title: str) -> str:
    by = [] if author_id is None else [author_marker(author_id)]
    titled = map(title_marker, with_characters(list(dict.fromkeys(words(title)))))
    return " ".join([state_marker(state, kind), *by, *map(label_marker, sorted(label_ids)), *titled])


def month_marker(at: datetime) -> str:
    """Of a month of UTC, as docids are; a search may keep to some months by these."""
    day = at.astimezone(UTC)
    return f"·m{day.year:04}{day.month:02}"


def month_markers(begins: datetime, ends: datetime) -> list[str]:
    """Of all months of UTC that a span of time is in."""
    days = (begins + _DAY * day for day in range((ends - begins) // _DAY + 1))
    # a month in which clocks go forward is an hour short of whole days
    return list(dict.fromkeys(map(month_marker, [*days, ends - _MILLISECOND])))


def first_docid(at: datetime) -> int:
    """The least docid of a millisecond; those of one millisecond differ by the posts' ids."""
    return (at - _EPOCH) // _MILLISECOND << _LOW_BITS


def docid_of(at: datetime, post_id: int) -> int:
    return first_docid(at) | (post_id & _LOW)


def is_place_of(docid: int, wanted: int | None) -> bool:
    """Whether a post that wants one docid may keep another: both are of one millisecond."""
    return wanted is not None and docid >> _LOW_BITS == wanted >> _LOW_BITS
