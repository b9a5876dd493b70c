"""Lists of related posts being changed: entries by score, their places, and what is different afterwards."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from msgspec import Struct, field

from services.posts.domain.related.choice import FLOOR, LAST, POOL, STORED, chosen, ranked
from services.posts.domain.related.docs import Doc
from services.posts.domain.related.scores import factors, shared_label, shared_terms, similarity
from services.posts.domain.related.told import packed_ids

MAX_LISTS: Final = 50
"""Lists that one post's coming changes at most; others are left to the night."""


class Entry(Struct):
    """`terms` are those that say most of what both say, as they are stored; `place` is `LAST` for what is not chosen.

    Never changed; frozen ones take three times as long to make, and there are hundreds for each post that comes.
    """

    score: int
    place: int
    terms: bytes
    label: int | None

    def at(self, place: int) -> "Entry":
        return self if place == self.place else Entry(self.score, place, self.terms, self.label)


class RelatedList(Struct):
    """The list of one doc, by the docs in it."""

    entries: dict[int, Entry]

    def told(self) -> list[tuple[int, tuple[bytes, int | None]]]:
        """Best first, with the reasons."""
        order = sorted((one.place, -one.score, -doc) for doc, one in self.entries.items())
        found = ((-doc, self.entries[-doc]) for _, _, doc in order)
        return [(doc, (one.terms, one.label)) for doc, one in found]


class Pairs(Struct):
    """Docs that are compared with each other, each pair once."""

    docs: Mapping[int, Doc]
    _entries: dict[tuple[int, int], Entry] = field(default_factory=dict)
    _scores: dict[tuple[int, int], int] = field(default_factory=dict)
    _likenesses: dict[tuple[int, int], float] = field(default_factory=dict)

    def score(self, one: int, other: int) -> int:
        key = _pair(one, other)
        if key not in self._scores:
            mine, theirs = self.docs[one], self.docs[other]
            found = factors(mine.vector, theirs.vector)
            self._scores[key] = found.score if mine.lang == theirs.lang else 0
            self._likenesses[key] = found.words
        return self._scores[key]

    def likeness(self, one: int, other: int) -> float:
        """What cannot be told because a doc is gone is unlike."""
        if one not in self.docs or other not in self.docs:
            return 0.0
        key = _pair(one, other)
        if key not in self._likenesses:
            self._likenesses[key] = similarity(self.docs[one].vector, self.docs[other].vector)
        return self._likenesses[key]

    def entry(self, one: int, other: int) -> Entry:
        """Of either in the list of the other, still without a place."""
        key = _pair(one, other)
        if key not in self._entries:
            mine, theirs = self.docs[one].vector, self.docs[other].vector
            terms = packed_ids(term for term, _ in shared_terms(mine, theirs))
            self._entries[key] = Entry(self.score(one, other), LAST, terms, shared_label(mine, theirs))
        return self._entries[key]

    def whole_list(self, doc: int, candidates: Iterable[int]) -> RelatedList:
        scores = {other: self.score(doc, other) for other in candidates if other != doc}
        return self.placed(RelatedList({other: self.entry(doc, other) for other in ranked(scores)}))

    def with_others(self, before: RelatedList, doc: int, others: Iterable[int]) -> RelatedList:
        """The list of a doc once others are compared with it anew; places are as they were."""
        entries = dict(before.entries)
        for other in others:
            place = entries[other].place if other in entries else LAST
            entries[other] = self.entry(doc, other).at(place)
        return RelatedList({other: entries[other] for other in ranked(_scores(entries))})

    def placed(self, found: RelatedList) -> RelatedList:
        scores = _scores(found.entries)
        order = chosen(ranked(scores), scores, self.likeness)
        places = dict(zip(order, range(1, LAST), strict=False))
        return RelatedList({doc: entry.at(places.get(doc, LAST)) for doc, entry in found.entries.items()})


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _scores(entries: Mapping[int, Entry]) -> dict[int, int]:
    return {doc: entry.score for doc, entry in entries.items()}


def least(found: RelatedList) -> int:
    """The score that gets another into the list."""
    full = len(found.entries) >= STORED
    return min(entry.score for entry in found.entries.values()) if full else FLOOR


def pool(found: RelatedList) -> dict[int, int]:
    """The docs that may be shown, with their scores: as long as they stay, places do."""
    scores = _scores(found.entries)
    return {doc: scores[doc] for doc in ranked(scores)[:POOL]}


def enterable(doc: int, others: Collection[int], pairs: Pairs) -> list[int]:
    """The docs whose lists another gets into, the best matches first."""
    scores = {other: pairs.score(doc, other) for other in others if other != doc}
    found = [(-score, -other) for other, score in scores.items() if score >= max(pairs.docs[other].least, FLOOR)]
    return [-other for _, other in sorted(found)]
