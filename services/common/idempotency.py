"""Remembers the answers to writes for a while, so that a write that is sent again is not done again."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from msgspec import Struct
from sqlalchemy import Column, Index, MetaData, RowMapping, Table, Text, bindparam, delete, select, update

from services.common.database import Writes
from services.common.prepared import Prepared
from services.common.problems import Invalid
from services.common.sqltypes import Instant, Int64
from services.common.upsert import insert_missing

KEY_HEADER: Final = "Idempotency-Key"
KEPT: Final = timedelta(hours=24)
_FORGOTTEN_AT_ONCE: Final = 1000
_NOT_YET: Final = {"status": 0, "answer": ""}


class IdempotencyKeyReused(Invalid):
    def __init__(self) -> None:
        super().__init__([{"parameter": KEY_HEADER, "detail": "This key was used before, for another request."}])


class IdempotencyToken(Struct, frozen=True):
    """Whose key it is (`key_hash`) and for which request (`fingerprint`)."""

    key_hash: str
    fingerprint: str


class Answer(Struct, frozen=True):
    """What a write is answered with; `text` is JSON."""

    text: str
    status: int
    is_replay: bool = False


def idempotency_table(metadata: MetaData) -> Table:
    return Table(
        "idempotency",
        metadata,
        Column("key_hash", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("status", Int64, nullable=False),
        Column("answer", Text, nullable=False),
        Column("created_at", Instant, nullable=False),
        Index("idempotency_by_age", "created_at"),  # which are to be forgotten
        sqlite_strict=True,
    )


async def once(
    writes: Writes, table: Table, token: IdempotencyToken | None, now: datetime, effect: Callable[[], Awaitable[Answer]]
) -> Answer:
    """The effect's answer, or the one that the same request got before; raises IdempotencyKeyReused.

    The answer is stored in the effect's own transaction: an effect that raises leaves nothing and may be tried again.
    """
    if token is None:
        return await effect()
    # The claim comes first: on PostgreSQL a second one waits here until the first is committed or undone.
    claim = {"key_hash": token.key_hash, "fingerprint": token.fingerprint, "created_at": now}
    if await insert_missing(writes, table, [claim | _NOT_YET], on="key_hash"):
        answer = await effect()
        await _store(writes, table, token, answer)
        return answer
    stored = await _stored(writes, table, token)
    if stored is None:  # forgotten a moment ago, so the key is new again
        return await once(writes, table, token, now, effect)
    if stored["fingerprint"] != token.fingerprint:
        raise IdempotencyKeyReused
    return Answer(stored["answer"], stored["status"], is_replay=True)


async def forget_old(writes: Writes, table: Table, before: datetime) -> int:
    """Forgets up to 1,000 answers that are older; returns how many."""
    old = select(table.c.key_hash).where(table.c.created_at < before).order_by(table.c.created_at)
    gone = await writes.execute(delete(table).where(table.c.key_hash.in_(old.limit(_FORGOTTEN_AT_ONCE))))
    return gone.rowcount


async def _store(writes: Writes, table: Table, token: IdempotencyToken, answer: Answer) -> None:
    await _storing(table).rows(writes, key=token.key_hash, status=answer.status, answer=answer.text)


@cache
def _storing(table: Table) -> Prepared:
    mine = update(table).where(table.c.key_hash == bindparam("key"))
    return Prepared(lambda _: mine.values(status=bindparam("status"), answer=bindparam("answer")))


async def _stored(writes: Writes, table: Table, token: IdempotencyToken) -> RowMapping | None:
    rows = await writes.execute(select(table).where(table.c.key_hash == token.key_hash))
    return rows.mappings().one_or_none()
