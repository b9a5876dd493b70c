"""Mails that are due, with what they tell of as it is now; and what is known of a subscription."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, select

from services.comments.tables import comments, mails, subscriptions
from services.common.database import Reads

_REPLY = comments.alias("replies")


async def due_mails(reads: Reads, now: datetime, limit: int) -> Sequence[RowMapping]:
    """Those that wait longest first; `reply_…` is null where a mail asks for confirmation."""
    query = (
        select(
            mails,
            subscriptions.c.comment_id,
            subscriptions.c.email,
            subscriptions.c.confirmed_at,
            comments.c.post_id,
            comments.c.state,
            _REPLY.c.state.label("reply_state"),
            _REPLY.c.author_name.label("reply_author_name"),
            _REPLY.c.body_source.label("reply_body_source"),
        )
        .join(subscriptions, subscriptions.c.id == mails.c.subscription_id)
        .join(comments, comments.c.id == subscriptions.c.comment_id)
        .join(_REPLY, _REPLY.c.id == mails.c.reply_id, isouter=True)
        .where(mails.c.due_at <= now)
        .order_by(mails.c.due_at, mails.c.id)
    )
    return (await reads.execute(query.limit(limit))).mappings().all()


async def subscription_by_id(reads: Reads, subscription_id: int) -> RowMapping | None:
    rows = await reads.execute(select(subscriptions).where(subscriptions.c.id == subscription_id))
    return rows.mappings().one_or_none()
