"""What was written of late, for quotas."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, get_args

from sqlalchemy import bindparam, func, select, text

from services.comments.domain.store import State
from services.comments.tables import comments
from services.common.database import Reads
from services.common.given import as_given
from services.common.prepared import Prepared
from services.common.sqltypes import Instant, Int64

_OF_NETWORK: Final = {
    "sqlite": "SELECT published_at FROM comments WHERE address_hash IN (SELECT value FROM json_each(:hashes)) "
    "ORDER BY published_at DESC LIMIT :most",
    "postgresql": "SELECT published_at FROM comments WHERE address_hash IN "
    "(SELECT json_array_elements_text(CAST(:hashes AS json))) ORDER BY published_at DESC LIMIT :most",
}
_TIMES = Prepared(
    lambda dialect: text(_OF_NETWORK[dialect]).bindparams(bindparam("most", type_=Int64)).columns(published_at=Instant)
)
_WRITTEN = Prepared(
    lambda _: select(func.count().label("count"), func.min(comments.c.published_at).label("first")).where(
        comments.c.post_id == bindparam("post_id", type_=Int64),
        comments.c.state.in_([bindparam(None, state) for state in get_args(State)]),  # all: the index begins so
        comments.c.published_at > bindparam("since", type_=Instant),
        comments.c.address_hash.is_not(None),
    )
)


async def times_of_network(reads: Reads, address_hashes: Collection[str], most: int) -> list[datetime]:
    """When its latest comments were written, in whatever state they are, newest first."""
    rows = await _TIMES.rows(reads, hashes=as_given(address_hashes), most=most)
    return [row["published_at"] for row in rows]


async def written_since(reads: Reads, post_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many comments readers wrote on a post, and when the first of them; imported ones do not count."""
    row = (await _WRITTEN.rows(reads, post_id=post_id, since=since))[0]
    return row["count"], row["first"]
