"""The language of search queries: what readers type, and the same said to SQLite and to PostgreSQL."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Final

from services.common.text import clean_line, drop_unstorable
from services.posts.domain.words import is_unspaced, title_marker, words

MAX_QUERY_CHARS: Final = 300
MAX_CLAUSES: Final = 16

_QUOTES: Final = '"\u201c\u201d\u201e'  # phones type curly ones
_PART = re.compile(
    rf"(?P<either>\||(?<![^\s|])OR(?![^\s|]))|(?P<minus>-?)(?P<label>(?i:label:))?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s|{_QUOTES}]+))"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other."""

    words: tuple[str, ...]

    @property
    def is_character(self) -> bool:
        """Whether it is one character of a script without spaces, which stands in texts as the beginning of words."""
        return len(self.words) == 1 and len(self.words[0]) == 1 and is_unspaced(self.words[0])


@dataclass(frozen=True, slots=True)
class Label:
    """A label by its name as typed."""

    name: str


Clause = Phrase | Label
Item = tuple[Clause, ...]
"""What stands for one thing typed; all of it must match. Only text that mixes scripts has more than one clause."""


@dataclass(frozen=True, slots=True)
class Query:
    """Of each group in `required` at least one item must match, of `excluded` none."""

    required: tuple[tuple[Item, ...], ...]
    excluded: tuple[Item, ...]

    @property
    def is_empty(self) -> bool:
        return not self.required and not self.excluded

    def clauses(self) -> tuple[Clause, ...]:
        """All of them once, required and excluded: markers are looked up for these."""
        return tuple(dict.fromkeys(chain(self._wanted(), *self.excluded)))

    def phrases(self) -> tuple[Phrase, ...]:
        """Those that a result may show; none of the excluded."""
        return tuple(dict.fromkeys(clause for clause in self._wanted() if isinstance(clause, Phrase)))

    def labels(self) -> tuple[str, ...]:
        """The names of all labels, required and excluded."""
        return tuple(clause.name for clause in self.clauses() if isinstance(clause, Label))

    def _wanted(self) -> Iterator[Clause]:
        return (clause for group in self.required for item in group for clause in item)


def parse_query(text: str) -> Query:
    """Words, "phrases", label:name, label:"a name", each also behind a minus; OR or | binds tighter than a space.

    What is behind a minus takes no part in an OR, and whatever does not fit is read as words. Raises ValueError, with a
    sentence for people, for too much of it.
    """
    if len(text) > MAX_QUERY_CHARS:
        raise ValueError(f"A search has at most {MAX_QUERY_CHARS} characters.")
    groups: list[list[Item]] = []
    excluded: list[Item] = []
    follows_wanted = joins = False
    for part in _PART.finditer(clean_line(drop_unstorable(text))):
        if part["either"]:
            joins = follows_wanted
            continue
        item = _item(part)
        if item and part["minus"]:
            excluded.append(item)
        elif item and joins:
            groups[-1].append(item)
        elif item:
            groups.append([item])
        follows_wanted, joins = bool(item) and not part["minus"], False
    return _limited(Query(tuple(map(tuple, groups)), tuple(excluded)))


def _limited(query: Query) -> Query:
    if sum(map(len, chain(query.excluded, *query.required))) > MAX_CLAUSES:
        raise ValueError(f"A search has at most {MAX_CLAUSES} words or phrases.")
    return query


def _item(part: re.Match[str]) -> Item:
    text = (part["bare"] if part["quoted"] is None else part["quoted"]).strip()
    if part["label"]:
        return (Label(text),) if text else ()
    return tuple(_phrases(words(text)))


def _phrases(found: Iterable[str]) -> Iterator[Phrase]:
    """A phrase for each stretch of spaced words and for each run of unspaced characters."""
    for unspaced, stretch in groupby(found, key=lambda word: is_unspaced(word[0])):
        if unspaced:
            yield from _unspaced_phrases(stretch)
        else:
            yield Phrase(tuple(stretch))


def _unspaced_phrases(found: Iterable[str]) -> Iterator[Phrase]:
    pairs: list[str] = []
    for word in found:
        if len(word) > 1:
            pairs.append(word)
            continue
        # It ends its run here, but in a text the run may go on.
        yield Phrase(tuple(pairs) or (word,))
        pairs = []


@dataclass(frozen=True, slots=True)
class _Dialect:
    phrase: Callable[[Sequence[str]], str]
    both: str
    either: str
    but_not: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What to ask an index for, in the order in which it is best: first what has all it wants in its title."""

    titled: str
    others: str
    all: str


def matches(
    dialect: str, query: Query, markers: Mapping[Clause, Sequence[str]], borne: Sequence[Sequence[str]]
) -> Matches | None:
    """For MATCH in SQLite's FTS5, or to be cast to PostgreSQL's tsquery; None when nothing can match.

    `markers` are the words that stand in the index for a clause's names; of each group in `borne`, one or more, a post
    bears a marker in any case.
    """
    says = _FTS5 if dialect == "sqlite" else _TSQUERY
    anywhere = _Writer(says, markers).query(query, borne)
    titled = _Writer(says, markers, in_titles=True).query(query, borne)
    if anywhere is None or titled is None:
        return None
    return Matches(titled, f"({anywhere}){says.but_not}({titled})", anywhere)


def narrowed(match: str, markers: Sequence[str]) -> str:
    """What matches in PostgreSQL and bears one of the markers besides; the same without any."""
    return f"({match}) & {_Writer(_TSQUERY, {}).one_of(markers)}" if markers else match


@dataclass(frozen=True, slots=True)
class _Writer:
    dialect: _Dialect
    markers: Mapping[Clause, Sequence[str]]
    in_titles: bool = False

    def query(self, query: Query, borne: Sequence[Sequence[str]]) -> str | None:
        groups = [self._any_of(group, self._wanted) for group in query.required]
        if not all(groups):
            return None
        wanted = _joined(self.dialect.both, [*map(self.one_of, borne), *groups])
        excluded = self._any_of(query.excluded, self._anywhere)
        return f"{wanted}{self.dialect.but_not}({excluded})" if excluded else wanted

    def one_of(self, markers: Sequence[str]) -> str:
        return _joined(self.dialect.either, [self._marker(marker) for marker in markers])

    def _any_of(self, items: Iterable[Item], own: Callable[[Phrase], str]) -> str:
        """Empty when none of the items can match."""
        written = ([self._clause(clause, own) for clause in item] for item in items)
        return _joined(self.dialect.either, [_joined(self.dialect.both, item) for item in written if all(item)])

    def _clause(self, clause: Clause, own: Callable[[Phrase], str]) -> str:
        said = [own(clause)] if isinstance(clause, Phrase) else []
        return _joined(self.dialect.either, [*said, *map(self._marker, self.markers.get(clause, ()))])

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
