"""What a page tells who has just posted a comment, by its address: pages know nobody."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from services.common.urls import escaped_path
from services.gateway.clients.models import Challenge, Comment, ThreadOrder


class Posted:
    """`comment_id` is of a comment that may be changed for a while, `challenge` JSON that its author's browser may
    solve.
    """

    def __init__(self, comment: str | None = None, posted: str | None = None, proof: str | None = None) -> None:
        """As an address has them."""
        self.is_held = comment == "held"
        self.comment_id = posted if posted and posted.isascii() and posted.isdecimal() else None
        self.challenge = proof if self.comment_id and proof and _is_challenge(proof) else None


def place_of(
    path: str,
    comment: Comment,
    challenge: Challenge | None = None,
    cursor: str | None = None,
    order: ThreadOrder | None = None,
) -> str:
    """Where its author finds a comment: in the thread, on the page at `cursor`; or where it is said that it waits.

    `order` is what the thread was asked for, None for the blog's own.
    """
    told: dict[str, str] = {}
    if comment.state != "live":
        told = {"comment": "held"}
    elif cursor is not None:
        told = {"comments_cursor": cursor}
    if order is not None:
        told["comments_order"] = order
    told["posted"] = comment.id
    if challenge is not None:
        told["proof"] = json.dumps(_members(challenge), separators=(",", ":"))
    anchor = f"c{comment.id}" if comment.state == "live" else "comment-held"
    return f"{escaped_path(path)}?{urlencode(told)}#{anchor}"


def _members(challenge: Challenge) -> Mapping[str, Any]:
    members: Mapping[str, Any] = msgspec.to_builtins(challenge)
    return members


def _is_challenge(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=Challenge)
    except msgspec.MsgspecError:
        return False
    return True
