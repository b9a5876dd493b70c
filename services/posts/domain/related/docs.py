"""A post as it is compared, and what its coming, changing and going does to the counts of words."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct, field

from services.posts.domain.related.reading import Reading
from services.posts.domain.related.vectors import Frequencies, Vector


class Doc(Struct):
    """Never changed; not frozen, for the same reason as entries of lists.

    `generation` is of its weights, 0 while there are none; `least` is the score that gets another into its list.

    `post_id` is None once the post is no longer live.
    """

    doc: int
    post_id: int | None
    lang: str
    generation: int
    wants: int
    least: int
    vector: Vector


class Intake(Struct):
    """Posts as they were and as they are. Ids of terms are known beforehand, by language and text.

    `lent_by` is the doc that spells a term which is stored already, None where none does; of terms that others spell
    nothing need be known.
    """

    ids: Mapping[tuple[str, str], int]
    lent_by: Mapping[int, int | None]
    next_doc: int
    posts: Counter[str] = field(default_factory=Counter)
    terms: Counter[int] = field(default_factory=Counter)
    labels: Counter[tuple[str, int]] = field(default_factory=Counter)
    new: list[Doc] = field(default_factory=list)
    changed: list[Doc] = field(default_factory=list)
    gone: list[Doc] = field(default_factory=list)
    replaced: list[Doc] = field(default_factory=list)
    written: dict[int, tuple[str, int]] = field(default_factory=dict)
    """How a term is written, and in which doc."""

    def take(self, post_id: int, before: Doc | None, reading: Reading | None) -> None:
        """None for a post that is not known, or that is not live."""
        if reading is None:
            if before is not None:
                self._count(before.lang, before.vector, -1)
                self.gone.append(before)
            return
        vector = self._vector(reading)
        if before is not None:
            if before.lang == reading.lang and before.vector.is_as(vector):
                return
            self._count(before.lang, before.vector, -1)
            self.replaced.append(before)
        self._count(reading.lang, vector, 1)
        doc = self._doc(post_id, reading.lang, before, vector)
        self.written |= {self.ids[reading.lang, text]: (one.surface, doc) for text, one in reading.terms.items()}

    def _doc(self, post_id: int, lang: str, before: Doc | None, vector: Vector) -> int:
        if before is not None:
            self.changed.append(Doc(before.doc, post_id, lang, 0, before.wants, before.least, vector))
            return before.doc
        doc = self.next_doc
        self.next_doc += 1
        self.new.append(Doc(doc, post_id, lang, 0, 0, 0, vector))
        return doc

    def _vector(self, reading: Reading) -> Vector:
        counts = sorted((self.ids[reading.lang, text], term.count) for text, term in reading.terms.items())
        terms, labels = [term for term, _ in counts], list(reading.labels)
        none, no_label = [0] * len(terms), [0] * len(labels)
        return Vector(terms, [count for _, count in counts], none, labels, no_label, reading.day)

    def _count(self, lang: str, vector: Vector, by: int) -> None:
        self.posts[lang] += by
        for term in vector.terms:
            self.terms[term] += by
        for label in vector.labels:
            self.labels[lang, label] += by

    @property
    def lent(self) -> dict[int, tuple[str, int]]:
        """How stored terms are written that nobody spells, or that these posts spelt as they were."""
        before = {None, *(one.doc for one in (*self.replaced, *self.gone))}
        return {term: how for term, how in self.written.items() if self.lent_by.get(term, 0) in before}

    @property
    def unweighed(self) -> list[Doc]:
        return [*self.new, *self.changed]

    def frequencies(self, lang: str, before: Frequencies) -> Frequencies:
        """In a language once these posts are counted."""
        return Frequencies(
            before.posts + self.posts[lang],
            {term: before.terms.get(term, 0) + by for term, by in self.terms.items()},
            {label: before.labels.get(label, 0) + by for (of, label), by in self.labels.items() if of == lang},
        )


def new_ids(
    wanted: Mapping[str, Collection[str]], known: Mapping[tuple[str, str], int], next_id: int
) -> dict[tuple[str, str], int]:
    """For the words of each language that have none yet."""
    unknown: Sequence[tuple[str, str]] = [
        (lang, text) for lang, texts in wanted.items() for text in texts if (lang, text) not in known
    ]
    return {key: next_id + at for at, key in enumerate(unknown)}
