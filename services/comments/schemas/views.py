"""From rows to what is sent."""

from collections.abc import Mapping
from typing import Any, Final

from services.comments.domain.proofs import Challenge
from services.comments.domain.store import SHOWN
from services.comments.domain.thread_cursor import ThreadCursor
from services.comments.schemas.comments import ChallengeOut, CommentOut, PlacedCommentOut

_NOTHING_SAID: Final = {"author_name": None, "author_url": None, "body_html": "", "votes": 0}


def own_comment_out(row: Mapping[Any, Any]) -> PlacedCommentOut:
    """For who wrote it, who is not told what a moderator or the filter made of it while it is not shown."""
    told = {} if row["state"] in SHOWN else {"state": "held"}
    return PlacedCommentOut(**comment_fields(row) | told, cursor=ThreadCursor(row["order_key"]).encode())


def challenge_out(challenge: Challenge | None) -> ChallengeOut | None:
    if challenge is None:
        return None
    return ChallengeOut(
        algorithm=challenge.algorithm,
        challenge=challenge.challenge,
        max_number=challenge.max_number,
        salt=challenge.salt,
        signature=challenge.signature,
    )


def comment_out(row: Mapping[Any, Any]) -> CommentOut:
    return CommentOut(**comment_fields(row))


def comment_fields(row: Mapping[Any, Any]) -> dict[str, Any]:
    """As `CommentOut` has them."""
    parent_id = row["parent_id"]
    fields = {
        "id": str(row["id"]),
        "parent_id": str(parent_id) if parent_id and row.get("parent_has_place", 1) else None,
        "depth": row["depth"],
        "state": row["state"],
        "author_name": row["author_name"],
        "author_url": row["author_url"],
        "body_html": row["body_html"],
        "published": row["published_at"],
        "edited": row["edited_at"],
        "votes": row["votes"],
    }
    return fields | _NOTHING_SAID if row["state"] == "deleted" else fields
