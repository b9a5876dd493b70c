"""From a post's body as its author wrote it to the HTML and the excerpt that readers get."""

import re
from functools import cache, partial
from typing import Final, Literal
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from msgspec import Struct

from services.common.bare_links import bare_links
from services.common.html import HtmlPolicy, SafeHtml, text_of
from services.common.text import clean_text, cut_at_word
from services.posts.domain.indexed import indexed_words

BodyFormat = Literal["html", "markdown"]
EXCERPT_CHARS: Final = 300
OPENING_CHARS: Final = 3_000
"""What stands before a jump break is an excerpt of the author's own choice, so longer."""
MAX_MARKDOWN_CHARS: Final = 300_000
"""Rendering costs most where brackets never close: 100 kB of `![` took 1.5 s."""
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID_PREFIX: Final = "b-"
_BREAK_ID: Final = "more"
_BREAK_MARK: Final = f'<span id="{_BREAK_ID}"></span>'
_BREAK = re.compile(r"""<!--\s*more\s*-->|<a\s+name=["']more["']\s*(?:/>|>\s*</a>)""", re.IGNORECASE)
_MARKDOWN_BREAK: Final = "<!--more-->"
_CALLS = re.compile(r"[(\\]")  # url(…), expression(…), escapes that hide them
_TAGS = (
    "p br a em strong b i u s small code kbd samp pre blockquote q cite ul ol li del ins mark "
    "h1 h2 h3 h4 h5 h6 figure figcaption img table caption thead tbody tfoot tr td th hr sub sup abbr "
    "details summary dl dt dd time span div iframe center font"
)


class RenderedBody(Struct, frozen=True):
    """`words` are what search finds in it; None for a body that is stored and indexed already."""

    html: SafeHtml
    policy_version: int
    excerpt: str
    words: str | None

    @property
    def opening(self) -> str:
        """How its text begins, for want of a title."""
        return text_of(SafeHtml(self.html[:OPENING_CHARS]))


def render_body(source: str, body_format: BodyFormat, policy: HtmlPolicy) -> RenderedBody:
    """Cleans last. Raises ValueError for text that cannot be stored, UncleanableError for hostile HTML."""
    text = clean_text(source)
    opening, html = _opening_of_markdown(text) if body_format == "markdown" else _opening_of_html(text)
    safe = policy.clean(html)
    return RenderedBody(safe, policy.version, _excerpt(safe, opening, policy), indexed_words(text_of(safe)))


def _excerpt(safe: SafeHtml, opening: str | None, policy: HtmlPolicy) -> str:
    """The text before the jump break, or the beginning of the prose."""
    if opening is not None and (chosen := text_of(policy.clean(opening))):
        return cut_at_word(chosen, OPENING_CHARS)
    return cut_at_word(text_of(safe, without=_HEADINGS) or text_of(safe), EXCERPT_CHARS)


def _opening_of_html(source: str) -> tuple[str | None, str]:
    """What stands before the jump break, if there is one, and the whole with the break as a place to jump to."""
    if (found := _BREAK.search(source)) is None:
        return None, source
    return source[: found.start()], source[: found.start()] + _BREAK_MARK + source[found.end() :]


def _opening_of_markdown(source: str) -> tuple[str | None, str]:
    """As of HTML; the break is a paragraph of its own, so that code may show it."""
    markdown, env = _markdown(), dict[str, object]()
    tokens = markdown.parse(source, env)
    at = next((at for at, token in enumerate(tokens) if token.level == 1 and token.content == _MARKDOWN_BREAK), None)

    def rendered(start: int, end: int | None) -> str:
        return str(markdown.renderer.render(tokens[start:end], markdown.options, env))

    if at is None or tokens[at - 1].type != "paragraph_open":
        return None, rendered(0, None)
    opening = rendered(0, at - 1)
    return opening, opening + f"<p>{_BREAK_MARK}</p>\n" + rendered(at + 2, None)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).use(bare_links)


def body_policy(embed_hosts: frozenset[str]) -> HtmlPolicy:
    """What may stay in a post; frames only of `embed_hosts`.

    `center` and `font` carry no risk, and old posts lose their layout without them.
    """
    attributes = {
        "*": {"id", "lang", "dir", "title", "style", "align"},
        "a": {"href"},
        "img": {"src", "alt", "width", "height"},
        "iframe": {"src", "width", "height", "allowfullscreen"},
        "td": {"colspan", "rowspan", "headers"},
        "th": {"colspan", "rowspan", "scope", "headers"},
        "ol": {"start", "reversed", "type"},
        "li": {"value"},
        "time": {"datetime"},
        "details": {"open"},
        "font": {"color", "size"},
    }
    return HtmlPolicy(
        version=2,
        tags=frozenset(_TAGS.split()),
        attributes={tag: frozenset(names) for tag, names in attributes.items()},
        style_properties=frozenset(_STYLE_PROPERTIES.split()),
        attribute_filter=partial(_filter_attribute, embed_hosts),
        fixed_attributes={
            "iframe": {
                "sandbox": "allow-scripts allow-same-origin allow-presentation allow-popups",
                "loading": "lazy",
                "referrerpolicy": "strict-origin-when-cross-origin",
            },
            "img": {"loading": "lazy"},
        },
    )


_STYLE_PROPERTIES: Final = (
    "text-align float clear margin margin-left margin-right margin-top margin-bottom width height max-width "
    "font-weight font-style font-size text-decoration"
)


def _filter_attribute(embed_hosts: frozenset[str], tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return _prefixed(value)
    if name == "style":
        return ";".join(one for one in value.split(";") if not _CALLS.search(one))
    if name == "href" and value.startswith("#") and len(value) > 1:
        return "#" + _prefixed(value[1:])
    if tag == "iframe" and name == "src":
        return value if _host_of(value) in embed_hosts else None
    return value


def _prefixed(anchor: str) -> str:
    """Keeps a body's ids away from the page's own (DOM clobbering); twice gives what once gave.

    Old links end in the jump break's own id, which no script here asks for.
    """
    return anchor if anchor.startswith(_ID_PREFIX) or anchor == _BREAK_ID else _ID_PREFIX + anchor


def _host_of(url: str) -> str | None:
    """The host of an absolute or protocol-relative web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.netloc.lower() if parts.scheme in {"", "https", "http"} else None
