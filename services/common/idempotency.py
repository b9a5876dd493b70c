"""Remembers the answers to writes for a while, so that a write that is sent again is not done again."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from msgspec import Struct
from sqlalchemy import Column, Index, MetaData, Table, Text, bindparam, delete, insert, select

from services.common.database import Writes
from services.common.idempotency_key import KEY_HEADER, IdempotencyToken
from services.common.locks import hold_lock
from services.common.prepared import Prepared, given_by_name
from services.common.problems import Invalid
from services.common.sqltypes import Instant, Int64

KEPT: Final = timedelta(hours=24)
_FORGOTTEN_AT_ONCE: Final = 1000


class IdempotencyKeyReused(Invalid):
    def __init__(self) -> None:
        super().__init__([{"parameter": KEY_HEADER, "detail": "This key was used before, for another request."}])


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
    await hold_lock(writes, f"key {token.key_hash}")  # who sends it again waits here until it is done or undone
    known = await _looking(table).first(writes, key=token.key_hash)
    if known is None:
        answer = await effect()
        given = {"key_hash": token.key_hash, "fingerprint": token.fingerprint, "created_at": now}
        await _keeping(table).rows(writes, **given, status=answer.status, answer=answer.text)
        return answer
    if known["fingerprint"] != token.fingerprint:
        raise IdempotencyKeyReused
    return Answer(known["answer"], known["status"], is_replay=True)


async def forget_old(writes: Writes, table: Table, before: datetime) -> int:
    """Forgets up to 1,000 answers that are older; returns how many."""
    old = select(table.c.key_hash).where(table.c.created_at < before).order_by(table.c.created_at)
    gone = await writes.execute(delete(table).where(table.c.key_hash.in_(old.limit(_FORGOTTEN_AT_ONCE))))
    return gone.rowcount


@cache
def _looking(table: Table) -> Prepared:
    return Prepared(lambda _: select(table).where(table.c.key_hash == bindparam("key")))


@cache
def _keeping(table: Table) -> Prepared:
    return Prepared(lambda _: insert(table).values(given_by_name(table.c)))
