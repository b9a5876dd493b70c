"""What lists are narrowed by, as parameters."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from msgspec import Struct

from services.common.ids import Id
from services.common.problems import Invalid
from services.posts.domain.indexed import author_marker, first_docid, month_markers
from services.posts.domain.months import FIRST_YEAR, LAST_YEAR, span_of
from services.posts.domain.search import Label, parse_query
from services.posts.domain.search import Query as SearchQuery
from services.posts.queries.lists import Span

Order = Literal["newest", "best"]
_EVER = (-(2**63), 2**63 - 1)


class Filters(Struct, frozen=True):
    query: SearchQuery
    label: str | None
    author_id: str | None
    year: int | None
    month: int | None
    order: Order

    @property
    def needs_index(self) -> bool:
        """Whether only the search index can tell: dates and a single label have indexes of their own."""
        return self.author_id is not None or not self.query.is_empty

    @property
    def best_first(self) -> bool:
        return self.order == "best" and not self.query.is_empty

    def span(self, zone: ZoneInfo) -> Span | None:
        return None if self.year is None else span_of(self.year, self.month, zone)

    def docids(self, zone: ZoneInfo) -> tuple[int, int]:
        span = self.span(zone)
        return _EVER if span is None else (first_docid(span[0]), first_docid(span[1]))

    def asked(self) -> SearchQuery:
        """The query with the label that is chosen besides."""
        if self.label is None:
            return self.query
        return SearchQuery((*self.query.required, ((Label(self.label),),)), self.query.excluded)

    def markers(self, zone: ZoneInfo) -> list[list[str]]:
        """Of each of these a post must bear one."""
        author = [] if self.author_id is None else [[author_marker(int(self.author_id))]]
        span = self.span(zone)
        return author if span is None else [*author, month_markers(*span)]


async def _filters(
    q: Annotated[str | None, Query(max_length=1000)] = None,
    label: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    author: Annotated[Id | None, Query()] = None,
    year: Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)] = None,
    month: Annotated[int | None, Query(ge=1, le=12)] = None,
    order: Annotated[Order, Query()] = "newest",
) -> Filters:
    return filters_of(q, label, author, year, month, order)


def filters_of(
    q: str | None, label: str | None, author: str | None, year: int | None, month: int | None, order: Order
) -> Filters:
    """Raises Invalid for a month of no year, and for a query that is too long."""
    if month is not None and year is None:
        raise Invalid([{"parameter": "month", "detail": "Say of which year."}])
    if label is not None and "\0" in label:
        raise Invalid([{"parameter": "label", "detail": "No label holds this character."}])
    try:
        query = parse_query(q or "")
    except ValueError as exc:
        raise Invalid([{"parameter": "q", "detail": str(exc)}]) from exc
    if q is not None and q.strip() and query.is_empty:
        raise Invalid([{"parameter": "q", "detail": "There is no word in it to look for."}])
    return Filters(query, label, author, year, month, order)


FiltersDep = Annotated[Filters, Depends(_filters)]
