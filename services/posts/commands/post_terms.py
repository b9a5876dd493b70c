"""Files docs under terms, and takes them out."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Executable, bindparam, delete

from services.common.database import Writes
from services.common.prepared import Prepared, given_by_name
from services.common.sqltypes import Int64
from services.common.upsert import insert_on
from services.posts.domain.related.postings import LAST_DOC, Packed, by_chunk, place_of, rewritten
from services.posts.queries.related_postings import chunks_at
from services.posts.related_tables import related_postings


async def post_terms(writes: Writes, weights: Mapping[tuple[int, int], int | None]) -> None:
    """By term and doc; None for what is no longer found by the term."""
    if not weights:
        return
    now = {place_of(term, doc): weight for (term, doc), weight in weights.items()}
    before = await chunks_at(writes, now)
    kept, dropped = list[Packed](), list[int]()
    for place, keys in by_chunk(now, before).items():
        changes = {key & LAST_DOC: now[key] for key in keys}
        first, *more = rewritten(before.get(place, (place, b"", b"")), changes)
        kept += [first, *more] if first[1] else more
        dropped += [] if first[1] or place not in before else [place]
    await _DROP.many(writes, [{"at": place} for place in dropped])
    await _PUT.many(writes, [_row(*chunk) for chunk in kept])


def _row(place: int, docs: bytes, weights: bytes) -> dict[str, Any]:
    return {"place": place, "docs": docs, "weights": weights}


def _put(dialect: str) -> Executable:
    given = given_by_name(related_postings.c)
    statement = insert_on(dialect)(related_postings).values(given)
    now = {name: statement.excluded[name] for name in ("docs", "weights")}
    put: Executable = statement.on_conflict_do_update(index_elements=["place"], set_=now)
    return put


_PUT: Final = Prepared(_put)
_DROP: Final = Prepared(
    lambda _: delete(related_postings).where(related_postings.c.place == bindparam("at", type_=Int64))
)
