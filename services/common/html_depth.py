"""How deep HTML nests, found in one scan without a parser, because a parser's time grows with the square of depth.

100 kB of <div> cost nh3 6 s, 1 MB cost lexbor 99 s. The scan follows the tokenisation of HTML (WHATWG, 13.2.5). Of tree
construction it knows what an end tag closes, and where that depends on more it takes the end tag for nothing, so it
errs to the deep side. It takes HTML without foreign content, templates and selects: `html.defused` gives that.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

_TOKEN: Final = re.compile(
    r"<!--(?P<comment>)"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?>[\s/]++|[^\s/>][^\s/>=]*+(?>\s*+=\s*+(?>\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\s>]*+))?+)*+>"
    r"|<[!?/][^>]*+>"
)
_COMMENT_END: Final = re.compile(r"--!?>")
_OPENS_TOKEN: Final = re.compile(r"<[a-zA-Z!?/]")

# They hold nothing, or close by themselves: they nest only through others, and add a few levels to each of those.
_NOT_NESTING: Final = frozenset(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr "
    "html head body frameset caption td th tr thead tbody tfoot colgroup option".split()
)
_RAW: Final = frozenset("script style title textarea xmp iframe noembed noframes".split())
_FORMATTING: Final = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_SCOPES: Final = frozenset("applet button marquee object table".split())
_BLOCKS: Final = frozenset(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup listing main menu nav ol pre section summary ul li dd dt".split()
)
_SPECIAL: Final = _BLOCKS | {"p", "search"}  # the latter is too young for every parser to close it as a block
_HEADINGS: Final = frozenset("h1 h2 h3 h4 h5 h6".split())
_ENDED_BY_OTHERS: Final = frozenset("rb rp rt rtc".split())  # by each other, but only inside of a ruby

_ITEMS: Final = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}  # a start tag ends what stands before it
_ITEM_BARRIERS: Final = _SPECIAL - {"address", "div", "p"} | _SCOPES
_ENDS_PARAGRAPH: Final = _BLOCKS - {"form"} | {"p"}  # a form inside of a form is left out
MAX_FORMATTING: Final = 32
"""Formatting elements open at once, of which a parser makes copies in every block that follows."""
_NOAH: Final = 3  # so many alike are copied, no more (13.2.4.3)


class _Tag(Struct, frozen=True):
    """`text` is the whole tag; `name` is in lower case."""

    is_start: bool
    name: str
    text: str

    @property
    def formats(self) -> bool:
        return self.name in _FORMATTING


def nests_too_deep(html: str, limit: int) -> bool:
    """Whether more than `limit` elements that can nest are open at once, or more than 32 ways of formatting.

    Table cells and the like do not count: real depth may be a few times more.
    """
    if html.count("<") <= min(limit, MAX_FORMATTING):
        return False  # not as many tags in all
    return _opens_too_many(html, limit)


def _opens_too_many(html: str, limit: int) -> bool:
    stack: list[_Tag] = []
    for tag in _tags(html):
        if not tag.is_start:
            _close(stack, tag.name)
            continue
        _close_item_before(stack, tag.name)
        if tag.name in _ENDS_PARAGRAPH:
            _close(stack, "p")
        stack.append(tag)
        if len(stack) > limit or (tag.formats and _copied(stack) > MAX_FORMATTING):
            return True
    return False


def _copied(stack: list[_Tag]) -> int:
    alike = Counter(tag.text for tag in stack if tag.formats)
    return sum(min(count, _NOAH) for count in alike.values())


def _tags(html: str) -> Iterator[_Tag]:
    """The tags of what can nest."""
    at, ends_count = html.find("<"), True
    while at >= 0:
        token = _TOKEN.match(html, at)
        if token is None:
            if _OPENS_TOKEN.match(html, at):
                return  # the file ends inside of it, and a parser drops the rest
            at = html.find("<", at + 1)
            continue
        at, name = token.end(), (token["name"] or "").lower()
        if token["comment"] is not None:
            at = _after(_COMMENT_END, html, token.start() + len("<!"))
        elif name == "plaintext":
            return
        elif name in _RAW and not token["end"]:
            raw_at, at = at, _raw_end(html, name, at)
            ends_count = ends_count and not _is_escaped_script(name, html[raw_at:at])
        elif name and name not in _NOT_NESTING and (ends_count or not token["end"]):
            yield _Tag(not token["end"], name, token[0])
        at = html.find("<", at)


def _after(end: re.Pattern[str], html: str, at: int) -> int:
    found = end.search(html, at)
    return found.end() if found else len(html)


def _raw_end(html: str, name: str, at: int) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, at)
    return found.start() if found else len(html)


def _is_escaped_script(name: str, text: str) -> bool:
    """A script inside of a comment inside of a script goes on behind its first end tag: then no end tag is sure."""
    return name == "script" and "<!--" in text and "<script" in text.lower()


def _close(stack: list[_Tag], name: str) -> None:
    """Takes off what an end tag surely closes. Formatting elements above it stay: a parser opens them again.

    What stands above a paragraph stays as well: the paragraph may have ended before it.
    """
    if name in _ENDED_BY_OTHERS:
        return
    names = _HEADINGS if name in _HEADINGS else {name}
    for at in range(len(stack) - 1, -1, -1):
        if stack[at].name in names:
            above = stack[at + 1 :]
            stack[at:] = [tag for tag in above if tag.formats or name in {"form", "p"}]
            return
        if _stops(stack[at], name):
            return


def _close_item_before(stack: list[_Tag], name: str) -> None:
    for tag in reversed(stack):
        if tag.name in _ITEMS.get(name, ()):
            _close(stack, tag.name)
        if tag.name in _ITEM_BARRIERS:
            return


def _stops(tag: _Tag, name: str) -> bool:
    """Whether an end tag of this name surely reaches no further up than here."""
    if name in _FORMATTING:
        return not tag.formats
    if name == "li" and tag.name in {"ol", "ul"}:
        return True
    return tag.name in _SCOPES or (tag.name in _SPECIAL and name not in _BLOCKS | _SCOPES | {"p"})
