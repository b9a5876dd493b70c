"""Comments as the gateway passes them on, all that came at once, and what becomes of each."""

from typing import Any

from msgspec import Struct

from services.comments.domain.followed import Policy
from services.comments.domain.signals import FormFact
from services.comments.schemas.comments import WrittenOut
from services.common.ids import IdNumber


class SentComment(Struct, frozen=True):
    """`body` is what the reader sent, JSON in text: whatever it is, it is read apart from the others.

    `seconds`: how long the reader waits, from when it was sent on.

    `post_version` and `post_policy` are of the post as the caller has just read it, live. They stand beside the body,
    because a request that is sent again must not differ; only a new comment needs an open thread, not the answer to
    one that is sent again.
    """

    post_id: IdNumber
    body: str
    request_id: str
    seconds: float = 4.0
    principal: str = "anonymous"
    scopes: tuple[str, ...] = ()
    address: str | None = None
    form_facts: tuple[FormFact, ...] = ()
    idempotency_key: str | None = None
    post_version: int | None = None
    post_policy: Policy = "open"


class SentOutcome(Struct, frozen=True):
    """What would be the answer to one alone: a comment and what it touches, or a problem with its headers."""

    status: int
    written: WrittenOut | None = None
    touches: tuple[str, ...] = ()
    problem: dict[str, Any] | None = None
    headers: dict[str, str] = {}
