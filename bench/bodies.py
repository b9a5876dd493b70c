"""A body out of words, rendered as the service would: `render_body` gives the same, at ten times the cost."""

from collections.abc import Sequence
from typing import Final

from services.common.html import SafeHtml
from services.common.text import cut_at_word
from services.posts.domain.bodies import EXCERPT_CHARS, RenderedBody, body_policy
from services.posts.domain.indexed import indexed_words

_SENTENCE: Final = 12
_PARAGRAPH: Final = 60
_VERSION: Final = body_policy(frozenset()).version


def body_of(words: Sequence[str], foreign: str | None) -> RenderedBody:
    """`words` are ASCII and lower-case: the words of their sentences, as search cuts them, are they themselves."""
    paragraphs = [_paragraph(words[at : at + _PARAGRAPH]) for at in range(0, len(words), _PARAGRAPH)]
    found = " ".join(words)
    if foreign is not None:
        paragraphs.append(foreign)
        found += " " + indexed_words(foreign)
    html = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return RenderedBody(SafeHtml(html), _VERSION, cut_at_word(" ".join(paragraphs), EXCERPT_CHARS), found)


def _paragraph(words: Sequence[str]) -> str:
    sentences = (" ".join(words[at : at + _SENTENCE]) for at in range(0, len(words), _SENTENCE))
    return " ".join(f"{sentence.capitalize()}." for sentence in sentences)
