"""Creates one comment as a reader wrote it."""

from datetime import datetime

from sqlalchemy import RowMapping

from services.comments.commands.store_comments import store_comments
from services.comments.domain.bodies import RenderedBody, render_body
from services.comments.domain.store import CommentToStore
from services.comments.domain.thread_order import Place, place
from services.comments.errors import InvalidBody, ParentNotFound, ThreadClosed, ThreadNotFound
from services.comments.queries.followed import followed_post
from services.comments.queries.threads import comment_by_id
from services.comments.schemas.comments import NewComment
from services.common.database import Writes
from services.common.html import UncleanableError
from services.common.ids import IdSource
from services.common.text import text_or_none


def render_new_comment(new: NewComment) -> RenderedBody:
    """Outside the transaction, because it takes time; raises InvalidBody."""
    try:
        return render_body(new.body, "text")
    except UncleanableError as exc:
        raise InvalidBody(str(exc)) from exc


async def require_open(writes: Writes, post_id: int, seen_version: int | None) -> None:
    """Raises ThreadNotFound and ThreadClosed. `seen_version` is of the post as the caller has just read it."""
    post = await followed_post(writes, post_id)
    if post is not None and not post.exists(seen_version):
        raise ThreadNotFound
    if post is not None and not post.takes_comments(seen_version):
        raise ThreadClosed


async def create_comment(
    writes: Writes, post_id: int, new: NewComment, body: RenderedBody, *, ids: IdSource, now: datetime
) -> int:
    """Returns the new comment's id; raises ParentNotFound when it answers what is not shown in this thread."""
    parent = await _parent(writes, post_id, new)
    comment_id = ids()
    comment = CommentToStore(
        comment_id=comment_id,
        post_id=post_id,
        parent_id=None if parent is None else parent["id"],
        place=place(None if parent is None else Place(parent["depth"], parent["order_key"]), now, comment_id),
        state="live",
        author_name=text_or_none(new.author_name),
        author_url=new.author_url,
        body=body,
        body_source=new.body,
        body_format="text",
        published_at=now,
    )
    await store_comments(writes, [comment], now)
    return comment_id


async def _parent(writes: Writes, post_id: int, new: NewComment) -> RowMapping | None:
    if new.parent_id is None:
        return None
    parent = await comment_by_id(writes, int(new.parent_id))
    if parent is None or parent["post_id"] != post_id or parent["state"] != "live":
        raise ParentNotFound
    return parent
