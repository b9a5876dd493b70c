"""What the search indexes of both databases are asked, and what they answer."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import TextClause

from services.common.database import Reads
from services.posts.domain.matches import Match
from services.posts.domain.months import Month
from services.posts.domain.stretches import Docids, Stretch, first_stretch
from services.posts.queries.archive import archive_months


class Archive(Struct):
    """The counts of live posts by month, newest first, read once at most."""

    reads: Reads
    _counts: list[tuple[Month, int]] | None = None

    async def counts(self) -> list[tuple[Month, int]]:
        if self._counts is None:
            rows = await archive_months(self.reads)
            self._counts = [(Month(row["year"], row["month"]), row["live_count"]) for row in rows]
        return self._counts


class Search(Struct, frozen=True):
    """So many matches within docids; with an `archive` if only live posts match, which it counts."""

    match: Match
    docids: Docids
    count: int
    is_back: bool
    archive: Archive | None

    def beyond(self, docid: int) -> Docids:
        return (docid + 1, self.docids[1]) if self.is_back else (self.docids[0], docid)

    def stretch(self, months: Sequence[tuple[Month, int]], docids: Docids, min_posts: int) -> Stretch:
        return first_stretch(months, docids, min_posts, is_back=self.is_back)

    def end_of(self, stretch: Stretch) -> int:
        """The docid that was come to when all of a stretch was looked through."""
        return stretch.docids[1] - 1 if self.is_back else stretch.docids[0]


class Hits(Struct, frozen=True):
    """`went_to`: the docid that the search came to when it was given up, None when it was not."""

    docids: Sequence[int]
    went_to: int | None = None


async def ask(
    reads: Reads,
    statement: TextClause,
    search: Search,
    match: Match,
    within: Docids,
    hits: Sequence[int] = (),
) -> list[int]:
    """What is missing after the hits that there are."""
    given = {
        "match": match.written(reads.dialect.name),
        "least": within[0],
        "end": within[1],
        "count": search.count - len(hits),
    }
    return list((await reads.execute(statement, given)).scalars())
