"""Who is told of replies: asked for with a comment, confirmed from a mail, ended from any mail."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from sqlalchemy import RowMapping, delete, func, insert, literal, select, update

from services.comments.domain.store import CommentToStore
from services.comments.errors import EmailNeeded
from services.comments.tables import asked, comments, decisions, mails, subscriptions
from services.common.database import Writes
from services.common.ids import IdSource
from services.common.locks import hold_lock
from services.common.upsert import store_rows

MAX_ASKED: Final = 3
ASKED_WITHIN: Final = timedelta(days=1)
"""So often an address is asked: whoever types in somebody else's sends no more mails than that."""
CONFIRM_WITHIN: Final = timedelta(days=7)
_FORGOTTEN_AT_ONCE: Final = 500
_FIRST_STATES: Final = ("held", "spam")


class Subscriber(Struct, frozen=True):
    """A comment's author, told of replies at an address; without one they are told nothing."""

    email: str | None

    @classmethod
    def wanted(cls, email: str | None, *, notify: bool) -> "Subscriber":
        """An address that is not needed is not kept. Raises EmailNeeded."""
        if notify and email is None:
            raise EmailNeeded
        return cls(email if notify else None)


async def follow_up(
    writes: Writes, comment: CommentToStore, subscriber: Subscriber, *, ids: IdSource, now: datetime
) -> None:
    """For a comment that a reader has just written: notes its author's address, tells those whom it answers."""
    is_live = comment.state == "live"
    if subscriber.email is not None:
        await subscribe(writes, comment.comment_id, subscriber.email, is_live=is_live, ids=ids, now=now)
    if is_live and comment.parent_id is not None:
        await tell_of_replies(writes, {comment.comment_id: comment.parent_id}, ids=ids, now=now)


async def subscribe(
    writes: Writes, comment_id: int, email: str, *, is_live: bool, ids: IdSource, now: datetime
) -> None:
    """Notes that a new comment's author wants to be told of replies.

    They are asked for confirmation once the comment is live: what a moderator may throw away sends no mail. Nothing is
    noted of an address that was asked too often of late, and its author is not told.
    """
    await hold_lock(writes, f"mails to {email}")
    of_late = select(func.count()).where(asked.c.email_hash == _hash(email), asked.c.asked_at > now - ASKED_WITHIN)
    if int((await writes.execute(of_late)).scalar_one()) >= MAX_ASKED:
        return
    new_id = ids()
    await _count(writes, {new_id: email}, now)
    row = {"id": new_id, "comment_id": comment_id, "email": email, "made_at": now, "confirmed_at": None}
    await writes.execute(insert(subscriptions), [row])
    if is_live:
        await _post(writes, [(new_id, None)], ids, now)


async def tell_of_replies(writes: Writes, parents: Mapping[int, int], *, ids: IdSource, now: datetime) -> None:
    """Tells those who follow the comments that were answered, by the id of each live reply."""
    if not parents:
        return
    confirmed = select(subscriptions.c.id, subscriptions.c.comment_id).where(
        subscriptions.c.comment_id.in_(set(parents.values())), subscriptions.c.confirmed_at.is_not(None)
    )
    # held, so that none is ended before its mail is there
    told = (await writes.execute(confirmed.with_for_update(read=True, key_share=True))).all()
    replies = [(row.id, reply) for row in told for reply, parent in parents.items() if parent == row.comment_id]
    await _post(writes, replies, ids, now)


async def first_live(writes: Writes, rows: Sequence[RowMapping], *, ids: IdSource, now: datetime) -> None:
    """Tells of comments that a moderator has let through, and asks their authors; `rows` are of before that.

    Only what no reader has seen yet is told of; imported comments never are. Nor is what its author changed, who could
    have it told of again and again by that.
    """
    waited = [
        row for row in rows if row["state"] in _FIRST_STATES and row["source"] is None and row["edited_at"] is None
    ]
    if not waited:
        return
    were_live = select(decisions.c.comment_id).where(
        decisions.c.comment_id.in_([row["id"] for row in waited]), decisions.c.was == "live"
    )
    seen = set((await writes.execute(were_live)).scalars())
    new = [row for row in waited if row["id"] not in seen]
    await _ask(writes, [row["id"] for row in new], ids, now)
    await tell_of_replies(
        writes, {row["id"]: row["parent_id"] for row in new if row["parent_id"] is not None}, ids=ids, now=now
    )


async def _ask(writes: Writes, comment_ids: Collection[int], ids: IdSource, now: datetime) -> None:
    """The days to confirm begin now, not when the comment began to wait."""
    mine = subscriptions.c.comment_id.in_(comment_ids)
    anew = update(subscriptions).where(mine).values(made_at=now).returning(subscriptions.c.id, subscriptions.c.email)
    emails = {row.id: row.email for row in await writes.execute(anew)}
    await _count(writes, emails, now)
    await _post(writes, [(one, None) for one in emails], ids, now)


async def _count(writes: Writes, emails: Mapping[int, str], now: datetime) -> None:
    """By subscription, each once; it stays counted when the subscription ends or its comment goes."""
    rows = [{"subscription_id": one, "email_hash": _hash(email), "asked_at": now} for one, email in emails.items()]
    await store_rows(writes, asked, rows, on="subscription_id")


def _hash(email: str) -> str:
    """No address is kept for the sake of a count."""
    return hashlib.sha256(email.encode()).hexdigest()


async def _post(writes: Writes, told: Sequence[tuple[int, int | None]], ids: IdSource, now: datetime) -> None:
    """Into the outbox: subscriptions, each with the reply that it is told of, or None to ask for confirmation."""
    rows = [
        {"id": ids(), "subscription_id": subscription_id, "reply_id": reply_id, "due_at": now, "tries": 0}
        for subscription_id, reply_id in told
    ]
    if rows:
        await writes.execute(insert(mails), rows)


async def confirm(writes: Writes, subscription_id: int, now: datetime) -> bool:
    """Once or many times; says whether it is there."""
    mine = update(subscriptions).where(subscriptions.c.id == subscription_id)
    kept = func.coalesce(subscriptions.c.confirmed_at, literal(now, subscriptions.c.confirmed_at.type))
    return bool((await writes.execute(mine.values(confirmed_at=kept))).rowcount)


async def end_subscription(writes: Writes, subscription_id: int) -> None:
    """Its mails go with it, by their foreign key."""
    await writes.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id))


async def end_subscriptions(writes: Writes, comment_ids: Collection[int]) -> None:
    """Those of comments that are deleted; an address is kept no longer than it is needed."""
    await writes.execute(delete(subscriptions).where(subscriptions.c.comment_id.in_(comment_ids)))


async def forget_unconfirmed(writes: Writes, now: datetime) -> int:
    """Says how many there were, of a batch. What belongs to a comment that still waits waits with it."""
    old = (
        select(subscriptions.c.id)
        .join(comments, comments.c.id == subscriptions.c.comment_id)
        .where(
            subscriptions.c.confirmed_at.is_(None),
            subscriptions.c.made_at < now - CONFIRM_WITHIN,
            comments.c.state != "held",
        )
        .limit(_FORGOTTEN_AT_ONCE)
    )
    # asked again, because one may be confirmed meanwhile
    gone = delete(subscriptions).where(subscriptions.c.id.in_(old), subscriptions.c.confirmed_at.is_(None))
    return (await writes.execute(gone)).rowcount


async def forget_asked(writes: Writes, now: datetime) -> int:
    """What counts no more; says how many there were, of a batch."""
    old = select(asked.c.subscription_id).where(asked.c.asked_at <= now - ASKED_WITHIN).limit(_FORGOTTEN_AT_ONCE)
    return (await writes.execute(delete(asked).where(asked.c.subscription_id.in_(old)))).rowcount
