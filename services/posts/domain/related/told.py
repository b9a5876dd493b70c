"""Related posts as they are told: each once, with its kind and the reasons for it."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from services.posts.domain.related.languages import function_words
from services.posts.domain.related.terms import joined
from services.posts.domain.store import CommentPolicy

Kind = Literal["pinned", "linked", "computed"]
KINDS: Final[tuple[Kind, ...]] = ("pinned", "linked", "computed")
"""In the order in which they stand."""
TOLD_TERMS: Final = 3


class Spelling(Struct, frozen=True):
    """A term as its language and a live post write it."""

    lang: str
    text: str
    surface: str


class Related(Struct, frozen=True):
    """A post, with when it was published in microseconds since 1970. Computed ones have reasons: ids of terms, those
    that say most first, and of a label.
    """

    post_id: int
    path: str
    title: str
    published: int
    comment_policy: CommentPolicy
    kind: Kind
    terms: Sequence[int] = ()
    label_id: int | None = None


def packed_ids(terms: Iterable[int]) -> bytes:
    return array("I", terms).tobytes()


def unpacked_terms(packed: bytes | None) -> Sequence[int]:
    return array("I", packed) if packed else ()


def told_terms(related: Related, spellings: Mapping[int, Spelling]) -> list[str]:
    """The words that both posts have, without those that any two of the language have."""
    known = [spellings[term] for term in related.terms if term in spellings]
    return joined([one.surface for one in known if one.text not in function_words(one.lang)])[:TOLD_TERMS]
