"""The newest comments as the gateway reads them."""

from services.comments.schemas.comments import CommentOut
from services.common.ids import IdOut
from services.common.models import Output


class NewestCommentOut(Output):
    post_id: IdOut
    comment: CommentOut


class NewestOut(Output):
    items: list[NewestCommentOut]
    next_cursor: str | None
