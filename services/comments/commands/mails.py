"""The outbox of mails: taken for a try, taken out for good."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, delete, select, update

from services.comments.domain.mails import wait_after
from services.comments.tables import mails
from services.common.database import Writes

STALE_AFTER: Final = timedelta(days=3)
_FORGOTTEN_AT_ONCE: Final = 500


async def take_mail(writes: Writes, mail: RowMapping, now: datetime) -> bool:
    """Whether it is this process that tries to send it. Until it is taken out it comes again, later each time, so that
    a crash may send it twice and loses none.
    """
    as_seen = (mails.c.id == mail["id"], mails.c.due_at == mail["due_at"], mails.c.tries == mail["tries"])
    later = now + wait_after(mail["tries"])
    taken = await writes.execute(update(mails).where(*as_seen).values(due_at=later, tries=mail["tries"] + 1))
    return bool(taken.rowcount)


async def take_out(writes: Writes, mail_id: int) -> None:
    await writes.execute(delete(mails).where(mails.c.id == mail_id))


async def forget_stale(writes: Writes, now: datetime) -> int:
    """What nobody sent for days, because there was no server to send it; says how many, of a batch."""
    old = select(mails.c.id).where(mails.c.due_at < now - STALE_AFTER).order_by(mails.c.due_at)
    return (await writes.execute(delete(mails).where(mails.c.id.in_(old.limit(_FORGOTTEN_AT_ONCE))))).rowcount
