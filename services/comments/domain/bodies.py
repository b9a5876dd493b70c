"""From a comment as it was written to the HTML that readers get."""

import re
from functools import cache
from typing import Final, Literal

from markdown_it import MarkdownIt
from msgspec import Struct

from services.common.bare_links import bare_links
from services.common.html import HtmlPolicy, SafeHtml
from services.common.text import clean_text

BodyFormat = Literal["text", "html"]
MAX_CHARS: Final = 5000
_TAGS: Final = "p br a em strong code pre blockquote ul ol li del"
_UNMARKED = re.compile(r"[^\n\"&<>\[\\`~]+")


class RenderedBody(Struct, frozen=True):
    html: SafeHtml
    policy_version: int


def render_body(source: str, body_format: BodyFormat) -> RenderedBody:
    """Cleans last. Raises ValueError for text that cannot be stored, UncleanableError for hostile HTML."""
    text = clean_text(source)
    html = _rendered(text) if body_format == "text" else text
    policy = body_policy()
    return RenderedBody(policy.clean(html), policy.version)


def _rendered(text: str) -> str:
    """Not safe yet."""
    if _is_plain_line(text):
        return f"<p>{text}</p>\n"  # what the parser makes of it too, in ten times the time
    return str(_markup().render(text))


def _is_plain_line(text: str) -> bool:
    return _UNMARKED.fullmatch(text) is not None and "://" not in text and text == text.strip()


@cache
def _markup() -> MarkdownIt:
    """Paragraphs, line breaks, links, code and quotes; nothing else of Markdown, no HTML."""
    rules = ["link", "backticks", "blockquote", "fence", "newline", "escape", "text_join"]
    markup = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 20}).enable(rules)
    return markup.use(bare_links)


@cache
def body_policy() -> HtmlPolicy:
    return HtmlPolicy(
        version=1,
        tags=frozenset(_TAGS.split()),
        attributes={"a": frozenset({"href"})},
        link_rel="nofollow ugc noopener noreferrer",
        relative_urls=False,
    )
