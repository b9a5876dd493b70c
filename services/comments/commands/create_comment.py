"""Creates one comment as a reader wrote it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from services.comments.commands.store_comments import store_comments
from services.comments.commands.subscriptions import Subscriber, follow_up
from services.comments.domain.bodies import RenderedBody, render_body
from services.comments.domain.filter.example import Example
from services.comments.domain.filter.scoring import Features, features_of
from services.comments.domain.followed import FollowedPost
from services.comments.domain.judgement import Circumstances, Judgement, Policy, explained, judge
from services.comments.domain.store import CommentToStore
from services.comments.domain.thread_order import Place, place
from services.comments.errors import InvalidBody, ParentNotFound, ThreadClosed, ThreadNotFound
from services.comments.queries.judging import is_known, learnt, thread_rules
from services.comments.queries.threads import comment_by_id
from services.comments.schemas.comments import NewComment
from services.common.database import Writes
from services.common.html import UncleanableError
from services.common.ids import IdSource
from services.common.text import text_or_none


@dataclass(frozen=True, slots=True)
class ReadyComment:
    """What takes time is done, outside the transaction. `features` are None where no filter looks at it."""

    new: NewComment
    body: RenderedBody
    features: Features | None


def ready_comment(new: NewComment, *, is_filtered: bool) -> ReadyComment:
    """Raises InvalidBody."""
    try:
        body = render_body(new.body, "text")
    except UncleanableError as exc:
        raise InvalidBody(str(exc)) from exc
    example = Example(new.body, new.author_name, new.author_url)
    return ReadyComment(new, body, features_of(example) if is_filtered else None)


async def create_comment(
    writes: Writes,
    post_id: int,
    ready: ReadyComment,
    *,
    seen_version: int | None,
    by_moderator: bool,
    subscriber: Subscriber | None,
    ids: IdSource,
    now: datetime,
) -> int:
    """Returns the new comment's id; raises ThreadNotFound, ThreadClosed, and ParentNotFound when it answers what is not
    shown in this thread. `seen_version` is of the post as the caller has just read it.
    """
    rules = await thread_rules(writes, post_id)
    _require_open(rules, seen_version)
    parent = await _parent(writes, post_id, ready.new)
    judgement = Judgement("live") if by_moderator else await _judged(writes, ready, rules, now)
    comment = _comment(post_id, ready, parent, judgement, ids(), now)
    await store_comments(writes, [comment], now)
    if subscriber is not None:
        await follow_up(writes, comment, subscriber, ids=ids, now=now)
    return comment.comment_id


def _require_open(rules: RowMapping, seen_version: int | None) -> None:
    if rules["version"] is None:
        return
    post = FollowedPost(bool(rules["is_live"]), rules["policy"], rules["version"])
    if not post.exists(seen_version):
        raise ThreadNotFound
    if not post.takes_comments(seen_version):
        raise ThreadClosed


async def _parent(writes: Writes, post_id: int, new: NewComment) -> RowMapping | None:
    if new.parent_id is None:
        return None
    parent = await comment_by_id(writes, int(new.parent_id))
    if parent is None or parent["post_id"] != post_id or parent["state"] != "live":
        raise ParentNotFound
    return parent


async def _judged(writes: Writes, ready: ReadyComment, rules: RowMapping, now: datetime) -> Judgement:
    policy = Policy(rules["moderation"], rules["moderation_days"])
    known = policy.moderation != "first_time" or await is_known(writes, text_or_none(ready.new.author_name))
    found = None
    if ready.features is not None:
        found = explained(ready.features, await learnt(writes, ready.features.slots))
    return judge(policy, Circumstances(known, rules["published_at"], now), found)


def _comment(
    post_id: int, ready: ReadyComment, parent: RowMapping | None, judgement: Judgement, comment_id: int, now: datetime
) -> CommentToStore:
    return CommentToStore(
        comment_id=comment_id,
        post_id=post_id,
        parent_id=None if parent is None else parent["id"],
        place=place(None if parent is None else Place(parent["depth"], parent["order_key"]), now, comment_id),
        state=judgement.state,
        author_name=text_or_none(ready.new.author_name),
        author_url=ready.new.author_url,
        body=ready.body,
        body_source=ready.new.body,
        body_format="text",
        published_at=now,
        reasons=judgement.reasons,
    )
