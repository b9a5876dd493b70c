"""The newest comments as the gateway reads them."""

from msgspec import Struct

from services.comments.schemas.comments import CommentOut


class NewestCommentOut(Struct):
    post_id: str
    comment: CommentOut


class NewestOut(Struct):
    items: list[NewestCommentOut]
    next_cursor: str | None
