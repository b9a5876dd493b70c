"""The language of search queries: what readers type."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import Final

from msgspec import Struct

from services.common.text import clean_line, drop_unstorable
from services.posts.domain.words import is_unspaced, words

MAX_QUERY_CHARS: Final = 300
MAX_CLAUSES: Final = 16

_QUOTES: Final = '"\u201c\u201d\u201e'  # phones type curly ones
_PART = re.compile(
    rf"(?P<either>\||(?<![^\s|])OR(?![^\s|]))|(?P<minus>-?)(?P<label>(?i:label:))?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]?|(?P<bare>[^\s|{_QUOTES}]+))"
)


class Phrase(Struct, frozen=True):
    """Words that follow each other."""

    words: tuple[str, ...]

    @property
    def is_character(self) -> bool:
        """Whether it is one character of a script without spaces, which stands in texts as the beginning of words."""
        return len(self.words) == 1 and len(self.words[0]) == 1 and is_unspaced(self.words[0])


class Label(Struct, frozen=True):
    """A label by its name as typed."""

    name: str


Clause = Phrase | Label
Item = tuple[Clause, ...]
"""What stands for one thing typed; all of it must match. Only text that mixes scripts has more than one clause."""


class Query(Struct, frozen=True):
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
