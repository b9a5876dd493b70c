"""Related posts as they are told: each once, with its kind and the reasons for it."""

from array import array
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from services.posts.domain.related.languages import function_words
from services.posts.domain.related.terms import joined

Kind = Literal["pinned", "linked", "computed"]
KINDS: Final[tuple[Kind, ...]] = ("pinned", "linked", "computed")
"""In the order in which they stand."""
TOLD_TERMS: Final = 3


class Spelling(NamedTuple):
    """A term as its language and a live post write it."""

    lang: str
    text: str
    surface: str


class Related(NamedTuple):
    """`terms` are ids, those that say most first; both are reasons of computed ones alone."""

    post_id: int
    kind: Kind
    score: int | None = None
    terms: tuple[int, ...] = ()
    label_id: int | None = None


def packed_ids(terms: Iterable[int]) -> bytes:
    return array("I", terms).tobytes()


def unpacked_terms(packed: bytes | None) -> tuple[int, ...]:
    return tuple(array("I", packed or b""))


def told_terms(related: Related, spellings: Mapping[int, Spelling]) -> list[str]:
    """The words that both posts have, without those that any two of the language have."""
    known = (spellings[term] for term in related.terms if term in spellings)
    return joined(one.surface for one in known if one.text not in function_words(one.lang))[:TOLD_TERMS]
