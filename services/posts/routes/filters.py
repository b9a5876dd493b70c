"""What lists are narrowed by, as parameters."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from services.common.ids import IdNumber
from services.common.parameters import Parameters
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
    author_id: int | None
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
        author = [] if self.author_id is None else [[author_marker(self.author_id)]]
        span = self.span(zone)
        return author if span is None else [*author, month_markers(*span)]


class AskedFilters(Parameters, frozen=True):
    q: Annotated[str, Meta(max_length=1000)] | None = None
    label: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    author: IdNumber | None = None
    year: Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)] | None = None
    month: Annotated[int, Meta(ge=1, le=12)] | None = None
    order: Order = "newest"

    def filters(self) -> Filters:
        """Raises Invalid for a month of no year, and for a query that is too long."""
        if self.month is not None and self.year is None:
            raise Invalid([{"parameter": "month", "detail": "Say of which year."}])
        if self.label is not None and "\0" in self.label:
            raise Invalid([{"parameter": "label", "detail": "No label holds this character."}])
        return Filters(_query(self.q or ""), self.label, self.author, self.year, self.month, self.order)


def _query(text: str) -> SearchQuery:
    try:
        query = parse_query(text)
    except ValueError as exc:
        raise Invalid([{"parameter": "q", "detail": str(exc)}]) from exc
    if text.strip() and query.is_empty:
        raise Invalid([{"parameter": "q", "detail": "There is no word in it to look for."}])
    return query
