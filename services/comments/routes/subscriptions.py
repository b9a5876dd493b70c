"""Who is told of replies says so, and says no more: by the links in their mails, which are all that they need."""

from functools import partial

from fastapi import APIRouter

from services.comments.commands.subscriptions import confirm, end_subscription
from services.comments.deps import TokenSecretDep
from services.comments.domain.subscription_tokens import subscription_of
from services.comments.errors import SubscriptionNotFound
from services.comments.queries.mails import subscription_by_id
from services.comments.schemas.subscriptions import MailLink, SubscriptionOut
from services.common.deps import ClockDep, DatabaseDep

router = APIRouter(prefix="/subscriptions")


@router.post("/find")
async def find_subscription(link: MailLink, secret: TokenSecretDep, database: DatabaseDep) -> SubscriptionOut:
    subscription_id = _signed(link, secret)
    async with database.read() as reads:
        row = await subscription_by_id(reads, subscription_id)
    if row is None:
        return SubscriptionOut(state="ended")
    return SubscriptionOut(state="asked" if row["confirmed_at"] is None else "confirmed")


@router.post("/confirm")
async def confirm_subscription(
    link: MailLink, secret: TokenSecretDep, database: DatabaseDep, clock: ClockDep
) -> SubscriptionOut:
    if not await database.write(partial(confirm, subscription_id=_signed(link, secret), now=clock())):
        raise SubscriptionNotFound
    return SubscriptionOut(state="confirmed")


@router.post("/end")
async def end(link: MailLink, secret: TokenSecretDep, database: DatabaseDep) -> SubscriptionOut:
    """Once or many times."""
    await database.write(partial(end_subscription, subscription_id=_signed(link, secret)))
    return SubscriptionOut(state="ended")


def _signed(link: MailLink, secret: str) -> int:
    subscription_id = subscription_of(link.token, secret)
    if subscription_id is None:
        raise SubscriptionNotFound
    return subscription_id
