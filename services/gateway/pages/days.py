"""Groups a list of articles by day, so that each date header is shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from services.gateway.compose.model import ListedArticle


@dataclass(frozen=True, slots=True)
class Day:
    date_header: str
    articles: list[ListedArticle]


def by_day(articles: Sequence[ListedArticle]) -> list[Day]:
    """Days in the order of the list."""
    return [Day(header or "", list(group)) for header, group in groupby(articles, lambda one: one.date_header)]
