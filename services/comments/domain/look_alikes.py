"""Names that are made to look like another's."""

import re
import unicodedata
from typing import Final

from services.comments.domain.filter.folding import fold

_MARKS_AND_SIGNS = re.compile(r"[\W_]+")
_DIGITS: Final = str.maketrans("013578", "oiestb")
_ONE_STROKE: Final = str.maketrans("l|", "ii")


def skeleton(name: str) -> str:
    """What is left of a name for an eye that reads in haste: equal for names that look alike, empty for none."""
    letters = fold(name).text.casefold()
    if not letters.isascii():
        plain = unicodedata.normalize("NFKD", fold(name).text).casefold()
        letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _MARKS_AND_SIGNS.sub("", letters.translate(_ONE_STROKE)).translate(_DIGITS)
