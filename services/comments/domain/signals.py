"""What speaks for spam besides the words of a comment. Each pushes its score, in log-odds."""

import hashlib
import re
from collections.abc import Collection, Iterator
from typing import Final, Literal

from msgspec import Struct

from services.comments.domain.filter.folding import fold

FormFact = Literal["trap", "stamp", "fast", "stale"]
"""What the gateway found of a form: a field filled in that people do not see, a stamp that is none of ours, one made
a moment ago, one made long ago.
"""
SUSPECT: Final = 2.0
"""Holds what the filter is in two minds about; people with quick fingers and innocent words pass."""
HOLDS: Final = 5.5
"""Enough to hold what the filter finds quite innocent."""
IS_SPAM: Final = 8.5
_REPEATED_FROM_CHARS: Final = 40
_HASH_BYTES: Final = 8
_NO_LETTER = re.compile(r"[\W\d_]+")
_NO_LETTER_OF_ASCII: Final = str.maketrans("", "", "".join(filter(_NO_LETTER.match, map(chr, range(128)))))


class Signal(Struct, frozen=True):
    """`says` goes on from "The filter takes it for spam: "."""

    says: str
    push: float


_OF_FORM: Final[dict[FormFact, Signal]] = {
    "trap": Signal("a field is filled in that people do not see", IS_SPAM),
    "stamp": Signal("its form is none of this site", SUSPECT),
    "fast": Signal("it was sent faster than anybody types", SUSPECT),
    "stale": Signal("its form was more than a day old", 0.5),
}
_REPEATED: Final = {0: 0.0, 1: 2.5, 2: HOLDS, 3: HOLDS}
MANY_TIMES: Final = 4


def signals(facts: Collection[FormFact], times_said: int, staff_name: str | None) -> Iterator[Signal]:
    """`times_said`: how often the same was said of late, counted up to MANY_TIMES. `staff_name` is what the commenter's
    name looks like.
    """
    yield from (signal for fact, signal in _OF_FORM.items() if fact in facts)
    if times_said:
        yield Signal("the same was said before of late", _REPEATED.get(times_said, IS_SPAM))
    if staff_name is not None:
        yield Signal(f"the name looks like that of {staff_name}, who writes here", HOLDS)


def text_hash(text: str) -> int | None:
    """Equal for texts of the same letters, 63 bits; None for those so short that many say them."""
    letters = _letters_of(fold(text).text.casefold())
    if len(letters) < _REPEATED_FROM_CHARS:
        return None
    return int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=_HASH_BYTES).digest(), "big") >> 1


def _letters_of(text: str) -> str:
    return text.translate(_NO_LETTER_OF_ASCII) if text.isascii() else _NO_LETTER.sub("", text)
