"""HTML from outside: the cleaner that has the last word, its depth guard, and plain text out of HTML."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.common.html_depth import nests_too_deep
from services.common.text import drop_controls

MAX_DEPTH: Final = 256
_PASSES: Final = 6
_NEVER = frozenset(
    "script style svg math title textarea xmp noembed noframes noscript plaintext template select object".split()
)
_BLOCKS = frozenset(
    "p div br ul ol li dl table tr h1 h2 h3 h4 h5 h6 blockquote pre dt dd figure figcaption td th hr".split()
)
_FOREIGN: Final = tuple(
    (re.compile(rf"<{name}(?=[\s/>])", re.IGNORECASE), re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE))
    for name in ("svg", "math")
)
"""Where each begins and where it ends."""
_CONFUSING = re.compile(r"<(/?)(svg|math|template|select|noscript)(?=[\s/>])", re.IGNORECASE)


class UncleanableError(ValueError):
    """HTML that cannot be made safe at a bounded cost."""


class TooDeepError(UncleanableError):
    """HTML nested deeper than `MAX_DEPTH`."""


class SafeHtml(str):
    """HTML that a policy has cleaned: the only text that templates do not escape."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@dataclass(frozen=True)
class HtmlPolicy:
    """What may stay in a kind of HTML. `version` grows with every change, so that stored HTML can be cleaned anew."""

    version: int
    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    url_schemes: frozenset[str] = frozenset({"http", "https", "mailto"})
    link_rel: str = "noopener noreferrer"
    style_properties: frozenset[str] | None = None
    attribute_filter: Callable[[str, str, str], str | None] | None = None
    fixed_attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    relative_urls: bool = True

    @cached_property
    def _cleaner(self) -> nh3.Cleaner:
        return nh3.Cleaner(
            tags=set(self.tags),
            clean_content_tags={*_NEVER, "x-svg", "x-math", "x-template", "x-select", "x-noscript"},
            attributes={tag: set(names) for tag, names in self.attributes.items()},
            attribute_filter=self.attribute_filter,
            url_schemes=set(self.url_schemes),
            link_rel=self.link_rel,
            filter_style_properties=set(self.style_properties) if self.style_properties is not None else None,
            set_tag_attribute_values={tag: dict(values) for tag, values in self.fixed_attributes.items()},
            url_relative=None if self.relative_urls else "deny",
        )

    def clean(self, html: str) -> SafeHtml:
        """The HTML that may be shown; raises UncleanableError. Nothing may change the result afterwards.

        Cleaning can leave what a browser would build differently, such as a link that a table kept open within a
        link. So it is repeated until it changes nothing any more.
        """
        for _ in range(_PASSES):
            cleaned = self._pass(html)
            if cleaned == html:
                return SafeHtml(cleaned)
            html = cleaned
        raise UncleanableError("the HTML does not settle into a form that every browser reads alike")

    def _pass(self, html: str) -> str:
        harmless = defused(html)
        _require_shallow(harmless)
        # character references may bring back what was dropped from the text
        return drop_controls(self._cleaner.clean(harmless))


def guard_depth(html: str) -> None:
    """Raises TooDeepError before a parser sees HTML that would cost it quadratic time."""
    _require_shallow(defused(html))


def _require_shallow(html: str) -> None:
    if nests_too_deep(html, MAX_DEPTH):
        raise TooDeepError(f"HTML is nested deeper than {MAX_DEPTH} elements, or its formatting never ends")


def defused(html: str) -> str:
    """HTML without foreign content, templates, selects and noscripts, inside of which parsing follows other rules.

    None of them is ever shown. What is closed is cut out whole; for the rest the names are made unknown ones.
    """
    if _CONFUSING.search(html) is None:
        return html
    for start, end in _FOREIGN:
        html = _without(html, start, end)
    return _CONFUSING.sub(r"<\1x-\2", html)


def _without(html: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    kept, at = [], 0
    while (opening := start.search(html, at)) and (closing := end.search(html, opening.end())):
        kept.append(html[at : opening.start()])
        bracket = html.find(">", closing.end())
        at = bracket + 1 if bracket >= 0 else len(html)
    return "".join([*kept, html[at:]])


def text_of(html: SafeHtml, *, without: Iterable[str] = ()) -> str:
    """The words of cleaned HTML on one line, blocks parted by a space, elements `without` left out."""
    words: list[str] = []
    tree = LexborHTMLParser(html)
    tree.strip_tags(list(without))
    for node in _walk(tree.body):
        if node.tag in _BLOCKS or (node.prev is not None and node.prev.tag in _BLOCKS):
            words.append(" ")
        if node.tag == "-text":
            words.append(node.text_content or "")
    return " ".join("".join(words).split())


def _walk(root: LexborNode | None) -> Iterator[LexborNode]:
    """Every node in document order, without recursion; nodes are not compared, which would cost their size."""
    depth, node = 0, root
    while node is not None:
        yield node
        if node.child is not None:
            depth, node = depth + 1, node.child
            continue
        while node is not None and depth and node.next is None:
            depth, node = depth - 1, node.parent
        node = node.next if node is not None and depth else None
