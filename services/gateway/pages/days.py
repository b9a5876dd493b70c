"""Groups a list of articles by day, so that each date header is shown once."""

from collections.abc import Sequence
from itertools import groupby

from msgspec import Struct

from services.gateway.compose.model import ListedArticle


class Day(Struct, frozen=True):
    date_header: str
    articles: list[ListedArticle]


def by_day(articles: Sequence[ListedArticle]) -> list[Day]:
    """Days in the order of the list."""
    return [Day(header or "", list(group)) for header, group in groupby(articles, lambda one: one.date_header)]
