"""What is known about a new comment before it is judged."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import REAL, Select, bindparam, exists, func, select, text, type_coerce

from services.comments.domain.signals import MANY_TIMES
from services.comments.queries.blocks import block_count, newest_block
from services.comments.tables import comments, filter_changes, followed_posts, posts_feed, staff_names, threads
from services.common.database import Reads
from services.common.gathered import gathered
from services.common.given import as_given, given_texts
from services.common.microseconds import from_microseconds
from services.common.prepared import Prepared
from services.common.sqltypes import Instant, Int64

_OF_LATE: Final = timedelta(days=7)
_NOBODYS: Final = -1
_THIS = bindparam("post_id", type_=Int64)
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
_STAFF_NAME = select(staff_names.c.name).where(staff_names.c.folded == bindparam("name_skeleton"))


class Clues(Struct, frozen=True):
    """By what it is looked up what is known of a comment; `own_id` is its own, where it is there already."""

    text_hash: int | None
    name_skeleton: str
    own_id: int | None = None
    address_hashes: Sequence[str] = ()
    most_times: int = 0
    """How often its network is looked back at."""


def _known_before(dialect: str) -> Select[Any]:
    at = comments.c.published_at
    is_networks = comments.c.address_hash.in_(given_texts(dialect, "address_hashes"))
    times = select(type_coerce(at, Int64)).where(is_networks).order_by(at.desc())
    return (
        select(
            posts_feed.c.moderation,
            posts_feed.c.moderation_days,
            posts_feed.c.names,
            followed_posts.c.is_live,
            followed_posts.c.policy,
            followed_posts.c.published_at,
            followed_posts.c.version,
            threads.c.version.label("thread_version"),
            newest_block,
            block_count,
            select(func.max(filter_changes.c.slot)).scalar_subquery().label("last_learnt"),
            select(func.count()).select_from(_SAID.subquery()).scalar_subquery().label("times_said"),
            _STAFF_NAME.scalar_subquery().label("staff_name"),
            gathered(dialect, times.limit(bindparam("most_times", type_=Int64))).label("network_times"),
        )
        .select_from(posts_feed)
        .join(followed_posts, followed_posts.c.post_id == _THIS, isouter=True)
        .join(threads, threads.c.post_id == _THIS, isouter=True)
    )


_KNOWN_BEFORE = Prepared(_known_before)


async def known_before(reads: Reads, post_id: int, clues: Clues, now: datetime) -> Mapping[str, Any]:
    """The blog's moderation, and what is followed of the post; the latter is null of one not heard of yet.

    `thread_version` is null before the first comment; `newest_block` and `block_count` are the version of the blocks;
    `last_learnt` is null as long as decisions changed nothing in the filter. `times_said`: how often the same was said
    of late, up to MANY_TIMES; `staff_name`: whose name among the staff's looks like this one; `network_times`: when
    the latest of its network were written, in whatever state they are, newest first, as JSON (see `times_in`).
    """
    values = {
        "post_id": post_id,
        # no text's hash is negative; null would ask for all that have none
        "text_hash": _NOBODYS if clues.text_hash is None else clues.text_hash,
        "since": now - _OF_LATE,
        "own_id": clues.own_id or _NOBODYS,
        "name_skeleton": clues.name_skeleton,
        "address_hashes": as_given(clues.address_hashes),
        "most_times": clues.most_times,
    }
    return (await _KNOWN_BEFORE.rows(reads, **values))[0]


def times_in(known: Mapping[str, Any]) -> list[datetime]:
    return [from_microseconds(at) for (at,) in msgspec.json.decode(known["network_times"])]


async def is_known(reads: Reads, author_name: str | None, own_id: int | None) -> bool:
    """Whether another comment under this name is shown; nobody is known without a name."""
    if author_name is None:
        return False
    found = await _SHOWN_UNDER_NAME.rows(reads, name=author_name, own_id=own_id or _NOBODYS)
    return bool(found[0]["is_known"])


async def learnt(reads: Reads, slots: Collection[int]) -> dict[int, float]:
    """What decisions changed in the filter, at these slots."""
    return {row["slot"]: row["change"] for row in await _LEARNT.rows(reads, slots=as_given(slots))}
