"""HTML from outside: the cleaner that has the last word, its depth guard, and plain text out of HTML."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

# HTML5 parsers take quadratic time in nesting depth: 100 kB of <div> cost nh3 6 s, 1 MB cost lexbor 99 s.
MAX_DEPTH = 256
_NEVER = frozenset(
    "script style svg math title textarea xmp noembed noframes noscript plaintext template select object".split()
)
_BLOCKS = frozenset(
    "p div br ul ol li dl table tr h1 h2 h3 h4 h5 h6 blockquote pre dt dd figure figcaption td th hr".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_NOT_NESTING = frozenset(
    "area base br col embed hr img input link meta param source track wbr "
    "p li dt dd td th tr thead tbody tfoot colgroup option".split()
)


class TooDeepError(ValueError):
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
            clean_content_tags=set(_NEVER),
            attributes={tag: set(names) for tag, names in self.attributes.items()},
            attribute_filter=self.attribute_filter,
            url_schemes=set(self.url_schemes),
            link_rel=self.link_rel,
            filter_style_properties=set(self.style_properties) if self.style_properties is not None else None,
            set_tag_attribute_values={tag: dict(values) for tag, values in self.fixed_attributes.items()},
            url_relative=None if self.relative_urls else "deny",
        )

    def clean(self, html: str) -> SafeHtml:
        """The HTML that may be shown; raises TooDeepError. Nothing may change the result afterwards."""
        guard_depth(html)
        return SafeHtml(self._cleaner.clean(html))


def guard_depth(html: str) -> None:
    """Raises TooDeepError before a parser sees HTML that would cost it quadratic time.

    Counts open tags in one scan, because parsing itself is what is slow. Tags that close by themselves do not count:
    they nest only through tags that do.
    """
    opened: Counter[str] = Counter()
    depth = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _NOT_NESTING:
            continue
        if not closing:
            opened[tag] += 1
            depth += 1
        elif opened[tag]:
            opened[tag] -= 1
            depth -= 1
        if depth > MAX_DEPTH:
            raise TooDeepError(f"HTML is nested deeper than {MAX_DEPTH} elements")


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
    """Every node in document order, without recursion."""
    node = root
    while node is not None:
        yield node
        following = node.child
        while following is None and node is not None and node != root:
            following, node = node.next, node.parent
        node = following
