"""Comments as readers write them."""

import json
from typing import Annotated

from fastapi import APIRouter, Header

from services.comments.commands.create_comment import Writer, create_comment
from services.comments.commands.ready_comment import ready_comment
from services.comments.commands.subscriptions import Subscriber
from services.comments.deps import FilterDep, FormFactsDep, KnownBlocksDep, LimitsDep, NotifiesDep, OriginDep, TokensDep
from services.comments.domain.followed import Policy
from services.comments.errors import CommentNotFound
from services.comments.queries.threads import comment_by_id, shown_count
from services.comments.schemas.comments import NewComment, WrittenOut
from services.comments.schemas.views import challenge_out, own_comment_out
from services.comments.tables import idempotency
from services.common.callers import CallerPrincipal
from services.common.database import Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.idempotency import Answer, once
from services.common.idempotency_key import IdempotencyDep
from services.common.ids import Id

router = APIRouter()
SeenVersion = Annotated[int | None, Header(alias="X-Dateline-Post-Version", ge=1)]
"""Of the post as the caller has just read it, live; a header, because a request that is sent again must not differ."""
SeenPolicy = Annotated[Policy, Header(alias="X-Dateline-Post-Policy")]
"""The same: only a new comment needs an open thread, not the answer to one that is sent again."""


@router.post("/threads/{post_id}/comments", status_code=201)
async def write_comment(
    post_id: Id,
    new: NewComment,
    principal: CallerPrincipal,
    database: DatabaseDep,
    ids: IdsDep,
    clock: ClockDep,
    is_filtered: FilterDep,
    origin: OriginDep,
    known_blocks: KnownBlocksDep,
    limits: LimitsDep,
    facts: FormFactsDep,
    tokens: TokensDep,
    notifies: NotifiesDep,
    token: IdempotencyDep,
    seen_version: SeenVersion = None,
    seen_policy: SeenPolicy = "open",
) -> WrittenOut:
    """The caller has made sure that the post is live; what is known here may be newer."""
    by_moderator = "comments:moderate" in principal.scopes
    is_judged = is_filtered and not by_moderator
    ready = ready_comment(new.body, new.author_name, new.author_url, is_filtered=is_judged, facts=facts)
    subscriber = Subscriber.wanted(new.email, notify=new.notify)
    writer = Writer(
        by_moderator,
        origin,
        known_blocks,
        seen_version,
        seen_policy,
        limits,
        tokens.secret,
        subscriber if notifies else None,
    )
    parent_id = None if new.parent_id is None else int(new.parent_id)

    async def work(writes: Writes) -> WrittenOut:
        now = clock()

        async def effect() -> Answer:
            made = await create_comment(writes, int(post_id), parent_id, ready, writer, ids=ids, now=now)
            return Answer(json.dumps([made.comment_id, made.may_prove]), 201)

        # only the id is kept of an answer: a comment that a moderator decided about since is shown as it is
        written = await once(writes, idempotency, token, now, effect)
        comment_id, may_prove = json.loads(written.text)
        row = await comment_by_id(writes, comment_id)
        if row is None:
            raise CommentNotFound
        is_as_written = row["version"] == 1  # what it became since was judged anew
        may_prove = may_prove and is_as_written and row["state"] == "held"
        challenge = tokens.challenge(comment_id, row["version"], now) if may_prove else None
        return WrittenOut(
            comment=own_comment_out(row),
            shown_count=await shown_count(writes, int(post_id)),
            edit_token=tokens.edit_token(comment_id),
            editable_until=row["published_at"] + tokens.window,
            challenge=challenge_out(challenge),
        )

    return await database.write(work, is_short=True)
