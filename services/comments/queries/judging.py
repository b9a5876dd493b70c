"""What is known about a new comment before it is judged."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import REAL, bindparam, exists, func, select, text

from services.comments.domain.signals import MANY_TIMES
from services.comments.queries.blocks import block_count, newest_block
from services.comments.tables import comments, filter_changes, followed_posts, posts_feed, staff_names, threads
from services.common.database import Reads
from services.common.given import as_given
from services.common.prepared import Prepared
from services.common.sqltypes import Instant, Int64

_OF_LATE: Final = timedelta(days=7)
_NOBODYS: Final = -1
_THIS = bindparam("post_id", type_=Int64)
_RULES = Prepared(
    lambda _: (
        select(
            posts_feed,
            followed_posts,
            threads.c.version.label("thread_version"),
            newest_block,
            block_count,
            select(func.max(filter_changes.c.slot)).scalar_subquery().label("last_learnt"),
        )
        .select_from(posts_feed)
        .join(followed_posts, followed_posts.c.post_id == _THIS, isouter=True)
        .join(threads, threads.c.post_id == _THIS, isouter=True)
    )
)
_NOT_ITSELF = comments.c.id != bindparam("own_id", type_=Int64)
_SHOWN_UNDER_NAME = Prepared(
    lambda _: select(
        exists()
        .where(comments.c.author_name == bindparam("name"), comments.c.state == "live", _NOT_ITSELF)
        .label("is_known")
    )
)
_SLOTS: Final = {
    "sqlite": "SELECT slot, change FROM filter_changes WHERE slot IN (SELECT value FROM json_each(:slots))",
    "postgresql": "SELECT slot, change FROM filter_changes WHERE slot IN "
    "(SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:slots AS json)))",
}
_LEARNT = Prepared(lambda dialect: text(_SLOTS[dialect]).columns(slot=Int64, change=REAL))
_SAID = (
    select(comments.c.id)
    .where(
        comments.c.text_hash == bindparam("text_hash", type_=Int64),
        comments.c.published_at > bindparam("since", type_=Instant),
        _NOT_ITSELF,
    )
    .limit(MANY_TIMES)
)
_TIMES_AND_NAME = Prepared(
    lambda _: select(
        select(func.count()).select_from(_SAID.subquery()).scalar_subquery().label("times"),
        select(staff_names.c.name).where(staff_names.c.folded == bindparam("skeleton")).scalar_subquery().label("name"),
    )
)


async def thread_rules(reads: Reads, post_id: int) -> Mapping[str, Any]:
    """The blog's moderation, and what is followed of the post; the latter is null of one not heard of yet.

    `thread_version` is null before the first comment; `newest_block` and `block_count` are the version of the blocks;
    `last_learnt` is null as long as decisions changed nothing in the filter.
    """
    return (await _RULES.rows(reads, post_id=post_id))[0]


async def is_known(reads: Reads, author_name: str | None, own_id: int | None) -> bool:
    """Whether another comment under this name is shown; nobody is known without a name."""
    if author_name is None:
        return False
    found = await _SHOWN_UNDER_NAME.rows(reads, name=author_name, own_id=own_id or _NOBODYS)
    return bool(found[0]["is_known"])


async def learnt(reads: Reads, slots: Collection[int]) -> dict[int, float]:
    """What decisions changed in the filter, at these slots."""
    return {row["slot"]: row["change"] for row in await _LEARNT.rows(reads, slots=as_given(slots))}


async def times_said_and_staff_name(
    reads: Reads, text_hash: int | None, name_skeleton: str, now: datetime, own_id: int | None
) -> tuple[int, str | None]:
    """How often the same was said of late, up to MANY_TIMES; and whose name among the staff's looks like this one."""
    # no text's hash is negative; null would ask for all that have none
    hashed = _NOBODYS if text_hash is None else text_hash
    since = now - _OF_LATE
    found = await _TIMES_AND_NAME.rows(
        reads, text_hash=hashed, since=since, own_id=own_id or _NOBODYS, skeleton=name_skeleton
    )
    return found[0]["times"], found[0]["name"]
