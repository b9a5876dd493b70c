"""Authors with how many live posts bear their names."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, literal, select, tuple_

from services.common.database import Reads
from services.posts.tables import authors

MAX_NAMES = 1000


async def authors_page(
    reads: Reads, after: tuple[str, int] | None, limit: int, *, unused: bool
) -> Sequence[RowMapping]:
    """By name, one more than the limit when there are more; those without live posts only when `unused`."""
    query = select(authors).order_by(authors.c.name, authors.c.id).limit(limit + 1)
    if not unused:
        query = query.where(authors.c.live_count > 0)
    if after is not None:
        query = query.where(tuple_(authors.c.name, authors.c.id) > tuple_(literal(after[0]), literal(after[1])))
    return (await reads.execute(query)).mappings().all()


async def author_by_id(reads: Reads, author_id: int) -> RowMapping | None:
    return (await reads.execute(select(authors).where(authors.c.id == author_id))).mappings().one_or_none()


async def author_names(reads: Reads) -> list[str]:
    """Up to MAX_NAMES, of those who wrote most."""
    query = select(authors.c.name).order_by(authors.c.live_count.desc(), authors.c.id).limit(MAX_NAMES)
    return list((await reads.execute(query)).scalars())
