"""What was written of late, for quotas."""

from datetime import datetime
from typing import get_args

from sqlalchemy import bindparam, func, select

from services.comments.domain.store import State
from services.comments.tables import comments
from services.common.database import Reads
from services.common.prepared import Prepared
from services.common.sqltypes import Instant, Int64

_WRITTEN = Prepared(
    lambda _: select(func.count().label("count"), func.min(comments.c.published_at).label("first")).where(
        comments.c.post_id == bindparam("post_id", type_=Int64),
        comments.c.state.in_([bindparam(None, state) for state in get_args(State)]),  # all: the index begins so
        comments.c.published_at > bindparam("since", type_=Instant),
        comments.c.address_hash.is_not(None),
    )
)


async def written_since(reads: Reads, post_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many comments readers wrote on a post, and when the first of them; imported ones do not count."""
    row = (await _WRITTEN.rows(reads, post_id=post_id, since=since))[0]
    return row["count"], row["first"]
