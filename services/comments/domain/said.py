"""What a comment says, as block lists look for it. Takes time in proportion to the comment, whatever is in it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
from itertools import chain
from typing import Final
from urllib.parse import unquote

from services.comments.domain.filter.folding import compatible, fold

_MARKS: Final = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
"""Vowels and accents that stand inside words, which `\\w` leaves out."""
_UNSPACED: Final = (
    "\u0e01-\u0e4e\u0e81-\u0edf\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Tibetan, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACE_BETWEEN: Final = f"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])"
_WORD: Final = rf"[{_UNSPACED}]|(?:[^\W{_UNSPACED}]++|[{_MARKS}])++"
_WORDS_TOGETHER: Final = rf"[\w{_MARKS}{_UNSPACED}]+"
# Hosts may have signs in them; what ends sentences in any script is left out.
_HOST: Final = (
    "[a-z0-9_.\\-\u00c0-\u060b\u060d-\u061a\u0620-\u06d3\u06d5-\u0963\u0966-\u1049\u104c-\u1361\u1363-\u1fff\u2070-\u2fff"
    "\u3040-\U0010ffff]+"
)
_HOST_BESIDE_LETTERS: Final = rf"(?<![^\W{_UNSPACED}])[a-z0-9_.-]+"
_BETWEEN: Final = "\n"
_MAX_HOST: Final = 253
"""RFC 1035, 2.3.4, with the dots."""
MAX_STEPS: Final = 8
"""Steps of a path that are compared."""
_PATH = re.compile(rf"(?::\d{{0,5}})?((?:/[^\s/?#<>()\[\]\"'`]*){{0,{MAX_STEPS}}})")
_TRAILING: Final = ".,;:!?}*_~"
_NO_STEP = re.compile(r"/(?:\.?/)+")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PUNYCODE = re.compile(r"xn--([a-z0-9-]{1,59})")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Large ones, which a start need not wait for; `re` keeps fewer."""
    return re.compile(pattern)


@dataclass(frozen=True)
class Said:
    """`words` are folded, first of the text, then of the name; `places` tells where among them each stands.

    `hosts` are all that are named, and those above them, with the places in `linked` where they end. Each is made when
    it is first asked for: most blogs block nothing.
    """

    text: str
    author_name: str | None
    author_url: str | None

    @cached_property
    def words(self) -> Sequence[str]:
        return [*words_of(self.text), _BETWEEN, *words_of(self.author_name or "")]

    @cached_property
    def places(self) -> Mapping[str, Sequence[int]]:
        return _places((word, at) for at, word in enumerate(self.words))

    @cached_property
    def linked(self) -> str:
        return "\n".join(as_followed(part) for part in (self.text, self.author_name, self.author_url) if part)

    @cached_property
    def hosts(self) -> Mapping[str, Sequence[int]]:
        return _places(_hosts(self.linked))

    def paths(self, host: str) -> Iterator[tuple[str, ...]]:
        """What follows the host where it is named."""
        return (steps_at(self.linked, end) for end in self.hosts[host])


def words_of(text: str) -> list[str]:
    """Folded as the filter folds, in lower case."""
    return cut(fold(text).text.casefold())


def cut(folded: str) -> list[str]:
    """Into words; each letter of a script without spaces is one, so that words of it are found wherever they stand."""
    return _compiled(_WORD).findall(folded)


def joined(words: Iterable[str]) -> str:
    """As people write them."""
    return _compiled(_SPACE_BETWEEN).sub("", " ".join(words))


def is_of_letters(text: str) -> bool:
    """And of digits: nothing is between its words, if it has more than one."""
    return _compiled(_WORDS_TOGETHER).fullmatch(compatible(text)) is not None


def readable_host(host: str) -> str:
    """In lower case, without punycode."""
    return _PUNYCODE.sub(_from_punycode, host.casefold()).casefold()


def may_be_host(name: str) -> bool:
    """Whether it would be found in a text."""
    return _compiled(_HOST).fullmatch(readable_host(name)) is not None


def steps_at(text: str, end: int) -> tuple[str, ...]:
    """The path behind a host that ends there, a step at a time, up to MAX_STEPS."""
    found = _PATH.match(text, end)
    steps: list[str] = []
    for step in found[1].rstrip(_TRAILING).split("/") if found else ():
        if step == "..":
            del steps[-1:]
        elif step:
            steps.append(step)
    return tuple(steps)


def as_followed(text: str) -> str:
    """With the addresses that a browser makes of what is written: without escapes, entities, letters of other forms."""
    plain = unquote(_ESCAPED.sub(r"\1", unescape(text))).replace("\\", "/")
    return _NO_STEP.sub("/", readable_host(compatible(plain).replace("\u3002", ".")))


def _from_punycode(label: re.Match[str]) -> str:
    try:
        return label[1].encode().decode("punycode")
    except UnicodeError:
        return label[0]


def _hosts(linked: str) -> Iterator[tuple[str, int]]:
    """Also where text without spaces stands around one."""
    beside = () if linked.isascii() else _compiled(_HOST_BESIDE_LETTERS).finditer(linked)
    for name in chain(_compiled(_HOST).finditer(linked), beside):
        host = name[0].strip(".-")[-_MAX_HOST:]
        while "." in host:
            yield host, name.end()
            host = host.partition(".")[2]


def _places(found: Iterable[tuple[str, int]]) -> Mapping[str, Sequence[int]]:
    places: dict[str, list[int]] = {}
    for name, at in found:
        places.setdefault(name, []).append(at)
    return places
