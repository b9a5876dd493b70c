"""The related links of an article as its page shows them."""

from collections.abc import Callable
from typing import NamedTuple

from services.gateway.compose.model import ArticlePage, RelatedLink


class ShownLink(NamedTuple):
    """`labels` and `terms` are what it has in common with the article, in words, which may be none."""

    path: str
    headline: str
    labels: str
    terms: str


def shown_links(page: ArticlePage, own_path: Callable[[str], str]) -> list[ShownLink]:
    return [_shown(link, own_path(link.url)) for link in page.related]


def _shown(link: RelatedLink, path: str) -> ShownLink:
    labels, terms = ([one.text for one in link.reasons if one.kind == kind] for kind in ("label", "term"))
    return ShownLink(path, link.headline, ", ".join(labels), ", ".join(terms))
