"""What is read of a post in order to compare it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from services.common.html import SafeHtml, text_of
from services.posts.domain.paths import own_path
from services.posts.domain.related.languages import language_of
from services.posts.domain.related.terms import Term, terms_of

MAX_MENTIONS: Final = 100
"""Links of a text to the blog itself that are followed."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(Struct, frozen=True):
    """`mentions` are the blog's own paths that the text links to; `day` counts from 1970."""

    lang: str
    terms: Mapping[str, Term]
    labels: Sequence[int]
    mentions: Sequence[str]
    day: int


def read_post(
    title: str, body: SafeHtml, labels: Sequence[int], published: datetime, public_url: str, language: str
) -> Reading:
    """`language` is the blog's."""
    terms = terms_of(title, text_of(body))
    day = (published - _EPOCH).days
    return Reading(language_of(terms, language), terms, sorted(labels), _mentions(body, public_url), day)


def _mentions(body: SafeHtml, public_url: str) -> list[str]:
    if "<a" not in body:
        return []
    links = LexborHTMLParser(body).css("a[href]")
    paths = (own_path(link.attributes.get("href") or "", public_url) for link in links)
    return list(dict.fromkeys(path for path in paths if path is not None))[:MAX_MENTIONS]
