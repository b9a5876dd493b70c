"""Comments as readers write them."""

from typing import Annotated

from fastapi import APIRouter, Header

from services.comments.commands.create_comment import create_comment, ready_comment
from services.comments.commands.subscriptions import Subscriber
from services.comments.deps import FilterDep, NotifiesDep
from services.comments.errors import CommentNotFound
from services.comments.queries.threads import comment_by_id, shown_count
from services.comments.schemas.comments import NewComment, WrittenOut
from services.comments.schemas.views import own_comment_out
from services.comments.tables import idempotency
from services.common.callers import CallerPrincipal
from services.common.database import Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.common.idempotency import Answer, once
from services.common.idempotency_key import IdempotencyDep
from services.common.ids import Id

router = APIRouter()
POST_VERSION_HEADER = "X-Dateline-Post-Version"
SeenVersion = Annotated[int | None, Header(alias=POST_VERSION_HEADER, ge=1)]
"""Of the post as the caller has just read it, live; a header, because a request that is sent again must not differ."""


@router.post("/threads/{post_id}/comments", status_code=201)
async def write_comment(
    post_id: Id,
    new: NewComment,
    principal: CallerPrincipal,
    database: DatabaseDep,
    ids: IdsDep,
    clock: ClockDep,
    is_filtered: FilterDep,
    notifies: NotifiesDep,
    token: IdempotencyDep,
    seen_version: SeenVersion = None,
) -> WrittenOut:
    """The caller has made sure that the post is live and takes comments; what is known here may be newer."""
    by_moderator = "comments:moderate" in principal.scopes
    ready = ready_comment(new, is_filtered=is_filtered and not by_moderator)
    subscriber = Subscriber.wanted(new.email, notify=new.notify)

    async def work(writes: Writes) -> WrittenOut:
        now = clock()

        async def effect() -> Answer:
            made = await create_comment(
                writes,
                int(post_id),
                ready,
                seen_version=seen_version,
                by_moderator=by_moderator,
                subscriber=subscriber if notifies else None,
                ids=ids,
                now=now,
            )
            return Answer(str(made), 201)

        # only the id is kept of an answer: a comment that a moderator decided about since is shown as it is
        written = await once(writes, idempotency, token, now, effect)
        row = await comment_by_id(writes, int(written.text))
        if row is None:
            raise CommentNotFound
        return WrittenOut(comment=own_comment_out(row), shown_count=await shown_count(writes, int(post_id)))

    return await database.write(work)
