"""The pages that links in mails about replies lead to.

They need nothing but the link. A button does what they are for: programs that look into mails open every link.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from msgspec import Struct

from services.common.callers import ANONYMOUS
from services.common.problems import Forbidden, NotFound
from services.gateway.deps import ForwarderDep
from services.gateway.forward import Forwarder
from services.gateway.pages.renderer import Renderer, RendererDep
from services.gateway.responses import READ, problem_responses
from services.gateway.schemas.subscriptions import MailLink, Subscription

router = APIRouter(prefix="/comments", tags=["pages"], default_response_class=HTMLResponse)
Token = Annotated[str, Query(max_length=200, description="Of a link in a mail.")]
_SENT: Final = READ | problem_responses(Forbidden)


class Notice(Struct, frozen=True):
    """`button` is what it says, None for a page that has none."""

    heading: str
    text: str
    button: str | None = None


_CONFIRM: Final = Notice(
    "Replies by e-mail", "You are sent a mail for each reply to your comment once you confirm it.", "Tell me of replies"
)
_CONFIRMED: Final = Notice(
    "You are told of replies", "A mail comes for each reply to your comment. Each has a link that ends this."
)
_END: Final = Notice(
    "Replies by e-mail", "You asked to be told of replies to your comment. This ends it.", "Send me no more mails"
)
_ENDED: Final = Notice(
    "You are told no more", "No more mails about replies to this comment are sent, and the address is forgotten."
)


@router.get(
    "/confirm",
    operation_id="getConfirmPage",
    summary="Asks the author of a comment whether to tell them of replies",
    response_model=str,
    responses=READ,
)
async def get_confirm_page(token: Token, forwarder: ForwarderDep, renderer: RendererDep) -> Response:
    state = await _tell(forwarder, "find", token)
    if state == "ended":
        raise NotFound("The time to confirm it is over, or it was ended.")
    return _page(renderer, _CONFIRM if state == "asked" else _CONFIRMED, token)


@router.post(
    "/confirm",
    operation_id="confirmReplies",
    summary="Tells the author of a comment of replies from now on",
    response_model=str,
    responses=_SENT,
)
async def confirm_replies(token: Token, forwarder: ForwarderDep, renderer: RendererDep) -> Response:
    await _tell(forwarder, "confirm", token)
    return _page(renderer, _CONFIRMED, token)


@router.get(
    "/unsubscribe",
    operation_id="getUnsubscribePage",
    summary="Asks the author of a comment whether to send no more mails",
    response_model=str,
    responses=READ,
)
async def get_unsubscribe_page(token: Token, forwarder: ForwarderDep, renderer: RendererDep) -> Response:
    state = await _tell(forwarder, "find", token)
    return _page(renderer, _ENDED if state == "ended" else _END, token)


@router.post(
    "/unsubscribe",
    operation_id="unsubscribe",
    summary="Sends no more mails; by mail programs too, in one click (RFC 8058)",
    response_model=str,
    responses=_SENT,
)
async def unsubscribe(token: Token, forwarder: ForwarderDep, renderer: RendererDep) -> Response:
    """Once or many times. What is sent with it is not looked at."""
    await _tell(forwarder, "end", token)
    return _page(renderer, _ENDED, token)


async def _tell(forwarder: Forwarder, what: str, token: str) -> str:
    """The state it has then. Raises PassedOn (404) and CommentsUnavailable."""
    link = MailLink(token=token)
    return (await forwarder.to_comments(f"/subscriptions/{what}", link, ANONYMOUS, Subscription)).state


def _page(renderer: Renderer, notice: Notice, token: str) -> Response:
    response = renderer.page("notification.html", blog=None, notice=notice, token=token)
    response.headers["Cache-Control"] = "no-store"
    return response
