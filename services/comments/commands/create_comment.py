"""Creates one comment as a reader wrote it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from services.comments.commands.judging import Origin, clues, judged
from services.comments.commands.quotas import Limits, hold_network, require_article_quota, require_network_quota
from services.comments.commands.ready_comment import ReadyComment
from services.comments.commands.store_comments import Stored, store_comment
from services.comments.commands.subscriptions import Subscriber, follow_up
from services.comments.domain.edit_tokens import edit_token, token_hash
from services.comments.domain.followed import FollowedPost, Policy
from services.comments.domain.judgement import Judgement
from services.comments.domain.store import CommentToStore
from services.comments.domain.thread_order import Place, place
from services.comments.errors import NameMissing, ParentNotFound, ThreadClosed, ThreadNotFound
from services.comments.queries.blocks import KnownBlocks
from services.comments.queries.judging import known_before, times_in
from services.comments.queries.threads import comment_by_id
from services.common.database import Writes
from services.common.ids import IdSource


class Writer(Struct, frozen=True):
    """Who writes, from where; `secret` makes edit tokens.

    `seen_version` and `seen_policy` are of the post as it has just been read; `subscriber`: to be told of replies.
    """

    is_moderator: bool
    origin: Origin
    known_blocks: KnownBlocks
    seen_version: int | None
    seen_policy: Policy
    limits: Limits
    secret: str
    subscriber: Subscriber | None = None


class Created(Struct, frozen=True):
    """`may_prove`: a proof of work would show it."""

    stored: Stored
    may_prove: bool


async def create_comment(
    writes: Writes,
    post_id: int,
    parent_id: int | None,
    ready: ReadyComment,
    writer: Writer,
    *,
    ids: IdSource,
    now: datetime,
) -> Created:
    """Raises ThreadNotFound, ThreadClosed, TooManyComments, NameMissing, and ParentNotFound when it answers what is not
    shown in this thread.
    """
    known = await _known(writes, post_id, ready, writer, now)
    if writer.seen_policy != "open":
        raise ThreadClosed
    require_open(known, writer.seen_version)
    if known["names"] == "required" and ready.author_name is None:
        raise NameMissing
    parent = await _parent(writes, post_id, parent_id)
    judgement = Judgement("live")
    if not writer.is_moderator:
        require_network_quota(writer.limits, times_in(known), now)
        await require_article_quota(writes, writer.limits, post_id, known["thread_version"], now)
        judgement = await judged(writes, ready, known, writer.origin, writer.known_blocks, now)
    comment = _comment(post_id, ready, parent, judgement, writer, ids(), now)
    stored = await store_comment(writes, comment, now)
    if writer.subscriber is not None:
        await follow_up(writes, comment, writer.subscriber, ids=ids, now=now)
    return Created(stored, judgement.may_prove)


async def _known(writes: Writes, post_id: int, ready: ReadyComment, writer: Writer, now: datetime) -> Mapping[str, Any]:
    hashes, limits = writer.origin.address_hashes, writer.limits
    if not writer.is_moderator:
        await hold_network(writes, limits, hashes)
    looked_up = clues(ready, address_hashes=hashes, most_times=limits.most_of_network)
    return await known_before(writes, post_id, looked_up, now)


def require_open(known: Mapping[str, Any], seen_version: int | None) -> None:
    """Raises ThreadNotFound and ThreadClosed."""
    if known["version"] is None:
        return
    post = FollowedPost(bool(known["is_live"]), known["policy"], known["version"])
    if not post.exists(seen_version):
        raise ThreadNotFound
    if not post.takes_comments(seen_version):
        raise ThreadClosed


async def _parent(writes: Writes, post_id: int, parent_id: int | None) -> Mapping[str, Any] | None:
    if parent_id is None:
        return None
    parent = await comment_by_id(writes, parent_id)
    if parent is None or parent["post_id"] != post_id or parent["state"] != "live":
        raise ParentNotFound
    return parent


def _comment(
    post_id: int,
    ready: ReadyComment,
    parent: Mapping[str, Any] | None,
    judgement: Judgement,
    writer: Writer,
    comment_id: int,
    now: datetime,
) -> CommentToStore:
    return CommentToStore(
        comment_id=comment_id,
        post_id=post_id,
        parent_id=None if parent is None else parent["id"],
        place=place(None if parent is None else Place(parent["depth"], parent["order_key"]), now, comment_id),
        state=judgement.state,
        author_name=ready.author_name,
        author_url=ready.author_url,
        body=ready.body,
        body_source=ready.source,
        body_format="text",
        published_at=now,
        reasons=judgement.reasons,
        token_hash=token_hash(edit_token(comment_id, writer.secret)),
        address_hash=next(iter(writer.origin.address_hashes), None),
        text_hash=ready.text_hash,
    )
