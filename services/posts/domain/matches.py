"""A search query as it is said to SQLite's FTS5 and to PostgreSQL's tsquery."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from services.posts.domain.search import Clause, Item, Phrase, Query
from services.posts.domain.words import title_marker

Part = Literal["all", "titled", "others"]
"""All that matches, what has all it wants in its title, and the rest."""


class Match(Struct, frozen=True):
    """What to look for in an index.

    `names` are the markers of the labels and authors that a clause's words name; of each group in `borne`, one or
    more, a post bears a marker in any case.
    """

    query: Query
    names: Mapping[Clause, Sequence[str]]
    borne: Sequence[Sequence[str]]
    part: Part = "all"

    @property
    def is_possible(self) -> bool:
        return _Writer(_FTS5, self).whole() is not None

    def of(self, part: Part) -> "Match":
        return replace(self, part=part)

    def within(self, markers: Sequence[str]) -> "Match":
        """The same among posts that bear one of the markers; these come first, so that an index looks at no others."""
        return replace(self, borne=[markers, *self.borne]) if markers else self

    def written(self, dialect: str) -> str:
        """Only of what is possible."""
        says = _FTS5 if dialect == "sqlite" else _TSQUERY
        everything = _Writer(says, self).whole() or ""
        if self.part == "all":
            return everything
        titled = _Writer(says, self, in_titles=True).whole() or ""
        return titled if self.part == "titled" else f"({everything}){says.but_not}({titled})"

    @property
    def is_walk(self) -> bool:
        """Whether an index needs to skip nothing between two matches: one word, label or author is all that is wanted.

        Every post bears the markers that are borne first.
        """
        items = [item for group in self.query.required for item in group]
        is_simple = all(len(item) == 1 and all(len(way) == 1 for way in self._ways(item[0])) for item in items)
        is_one = len(self.query.required) + len(self.borne) - 1 <= 1
        return is_one and is_simple and not self.query.excluded and self.part != "others"

    def words(self) -> list[str]:
        """Those that are wanted, and markers, as they stand in the index."""
        wanted = (clause for group in self.query.required for item in group for clause in item)
        said = (word for clause in wanted for way in self._ways(clause) for word in way)
        return list(dict.fromkeys([*(marker for group in self.borne for marker in group), *said]))

    def is_selective(self, rare: Collection[str]) -> bool:
        """Whether every match has one of the rare words."""
        by_group = (
            all(any(self._is_rare(clause, rare) for clause in item) for item in group) for group in self.query.required
        )
        return any(by_group) or any(all(marker in rare for marker in group) for group in self.borne)

    def _is_rare(self, clause: Clause, rare: Collection[str]) -> bool:
        return all(any(word in rare for word in way) for way in self._ways(clause))

    def _ways(self, clause: Clause) -> list[Sequence[str]]:
        """Words that stand together where a clause is met, for each way to meet it."""
        named = [[marker] for marker in self.names.get(clause, ())]
        if not isinstance(clause, Phrase):
            return [*named]
        return [[title_marker(word) for word in clause.words] if self.part == "titled" else clause.words, *named]


class _Dialect(Struct, frozen=True):
    phrase: Callable[[Sequence[str]], str]
    both: str
    either: str
    but_not: str


class _Writer(Struct, frozen=True):
    dialect: _Dialect
    match: Match
    in_titles: bool = False

    def whole(self) -> str | None:
        """None when nothing can match."""
        groups = [self._any_of(group, self._wanted) for group in self.match.query.required]
        if not all(groups):
            return None
        borne = (_joined(self.dialect.either, [*map(self._marker, group)]) for group in self.match.borne)
        wanted = _joined(self.dialect.both, [*borne, *groups])
        excluded = self._any_of(self.match.query.excluded, self._anywhere)
        return f"{wanted}{self.dialect.but_not}({excluded})" if excluded else wanted

    def _any_of(self, items: Iterable[Item], own: Callable[[Phrase], str]) -> str:
        """Empty when none of the items can match."""
        written = ([self._clause(clause, own) for clause in item] for item in items)
        return _joined(self.dialect.either, [_joined(self.dialect.both, item) for item in written if all(item)])

    def _clause(self, clause: Clause, own: Callable[[Phrase], str]) -> str:
        said = [own(clause)] if isinstance(clause, Phrase) else []
        return _joined(self.dialect.either, [*said, *map(self._marker, self.match.names.get(clause, ()))])

    def _wanted(self, phrase: Phrase) -> str:
        return self._in_title(phrase) if self.in_titles else self._anywhere(phrase)

    def _anywhere(self, phrase: Phrase) -> str:
        return self.dialect.phrase(phrase.words)

    def _in_title(self, phrase: Phrase) -> str:
        """By markers of single words: to look through all places of a common word takes as long as there are posts."""
        said = [self.dialect.phrase([title_marker(word)]) for word in phrase.words]
        return _joined(self.dialect.both, [*said, self._anywhere(phrase)] if len(said) > 1 else said)

    def _marker(self, marker: str) -> str:
        return self.dialect.phrase([marker])


def _fts5_phrase(found: Sequence[str]) -> str:
    return '"' + " ".join(found).replace('"', '""') + '"'


def _ts_phrase(found: Sequence[str]) -> str:
    lexemes = ("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in found)
    return "(" + " <-> ".join(lexemes) + ")"


def _joined(operator: str, parts: Sequence[str]) -> str:
    return f"({operator.join(parts)})" if len(parts) > 1 else "".join(parts)


_FTS5: Final = _Dialect(_fts5_phrase, " AND ", " OR ", " NOT ")
_TSQUERY: Final = _Dialect(_ts_phrase, " & ", " | ", " & !")
