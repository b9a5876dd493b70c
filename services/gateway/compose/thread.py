"""The comments part of a page, and what it says while they are hidden or missing."""

from datetime import datetime
from typing import Any

from services.common.microseconds import from_microseconds
from services.gateway.clients import models as found_models
from services.gateway.clients.models import Blog, CommentPolicy, Thread, ThreadComment
from services.gateway.clients.models import Comment as FoundComment
from services.gateway.compose.model import (
    Challenge,
    Comment,
    CommentAuthor,
    Comments,
    EditedComment,
    ThreadStatus,
    WrittenComment,
)
from services.gateway.compose.words import UNAVAILABLE, count_line


def composed_thread(thread: Thread | None, policy: CommentPolicy, blog: Blog) -> Comments:
    """Without the comments themselves. None: their service gave no answer. That is said, never shown as an empty
    thread.
    """
    is_open = policy == "open"
    if policy == "hidden":
        return _without_thread("hidden", None, is_open=False)
    if thread is None:
        return _without_thread("unavailable", UNAVAILABLE, is_open=is_open)
    return Comments(
        status=policy,
        is_open=is_open,
        takes_votes=blog.comment_votes == "on",
        count=thread.count,
        count_line=count_line(thread.count),
        items=[],
        next_cursor=thread.next_cursor,
        notifies=thread.notifies,
    )


def _without_thread(status: ThreadStatus, says: str | None, *, is_open: bool) -> Comments:
    return Comments(
        status=status,
        is_open=is_open,
        takes_votes=False,
        count=None,
        count_line=says,
        items=[],
        next_cursor=None,
        notifies=False,
    )


def composed_in_thread(found: ThreadComment) -> Comment:
    edited = None if found.edited is None else from_microseconds(found.edited)
    return _composed(found, from_microseconds(found.published), edited)


def composed_comment(found: FoundComment) -> Comment:
    return _composed(found, found.published, found.edited)


def _composed(found: FoundComment | ThreadComment, published: datetime, edited: datetime | None) -> Comment:
    return Comment(**_fields(found, published, edited))


def _fields(found: FoundComment | ThreadComment, published: datetime, edited: datetime | None) -> dict[str, Any]:
    return {
        "id": found.id,
        "parent_id": found.parent_id,
        "depth": found.depth,
        "author": CommentAuthor(name=found.author_name, url=found.author_url),
        "body_html": found.body_html,
        "published": published,
        "edited": edited,
        "votes": found.votes,
        "deleted": found.state == "deleted",
        "held": found.state == "held",
    }


def composed_edited(found: found_models.EditedComment) -> EditedComment:
    comment = found.comment
    fields = _fields(comment, comment.published, comment.edited)
    return EditedComment(**fields, challenge=_composed_challenge(found.challenge))


def composed_written(found: found_models.WrittenComment) -> WrittenComment:
    comment = found.comment
    return WrittenComment(
        **_fields(comment, comment.published, comment.edited),
        challenge=_composed_challenge(found.challenge),
        edit_token=found.edit_token,
        editable_until=found.editable_until,
    )


def _composed_challenge(found: found_models.Challenge | None) -> Challenge | None:
    if found is None:
        return None
    return Challenge(
        algorithm=found.algorithm,
        challenge=found.challenge,
        maxNumber=found.max_number,
        salt=found.salt,
        signature=found.signature,
    )
