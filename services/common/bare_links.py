"""Makes links of web addresses that stand in text, for markdown-it.

Its own linkify takes quadratic time: 20 kB of `://` cost 2 s. One regular expression is enough for whole addresses.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`]+", re.IGNORECASE)
_TRAILING = ".,;:!?)]}*_~"
_OPENED = {"link_open": 1, "link_close": -1}


def bare_links(markup: MarkdownIt) -> None:
    """A markdown-it plugin."""
    markup.core.ruler.push("bare_links", _link_addresses)


def _link_addresses(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children and "://" in block.content:
            block.children = list(_with_links(block.children))


def _with_links(tokens: list[Token]) -> Iterator[Token]:
    links_open = 0
    for token in tokens:
        links_open += _OPENED.get(token.type, 0)
        if token.type == "text" and not links_open:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    at = 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_TRAILING)
        yield from _text(text[at : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield from _text(address)
        yield Token("link_close", "a", -1)
        at = found.start() + len(address)
    yield from _text(text[at:])


def _text(content: str) -> Iterator[Token]:
    if content:
        yield Token("text", "", 0, content=content)
