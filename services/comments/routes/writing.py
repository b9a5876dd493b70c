"""Comments as readers write them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Self, cast, get_args

import msgspec
from fastapi import Request
from msgspec import Struct
from starlette.responses import Response

from services.comments.commands.create_comment import Created, Writer, create_comment
from services.comments.commands.ready_comment import ready_comment
from services.comments.commands.store_comments import Stored
from services.comments.commands.subscriptions import Subscriber
from services.comments.commands.touched import touched
from services.comments.deps import Tokens, form_facts, origin_of
from services.comments.domain.followed import Policy
from services.comments.errors import CommentNotFound
from services.comments.queries.threads import comment_by_id, shown_count
from services.comments.schemas.comments import NewComment, WrittenOut
from services.comments.schemas.views import challenge_out, own_comment_out
from services.comments.tables import idempotency
from services.common.callers import address_of, principal_of
from services.common.clock import Clock
from services.common.database import Writes
from services.common.header_lines import header_of
from services.common.hot_routes import Endpoint, json_answer, model_of, whole_body
from services.common.idempotency import Answer, once
from services.common.idempotency_key import idempotency_token
from services.common.ids import IdNumber, IdSource
from services.common.parameters import Parameters
from services.common.touches import touches_header

_VERSION: Final = b"x-dateline-post-version"
_POLICY: Final = b"x-dateline-post-policy"


class AskedToWrite(Parameters, frozen=True):
    post_id: IdNumber


class SeenPost(Struct, frozen=True):
    """The post as the caller has just read it, live. In headers, because a request that is sent again must not differ;
    only a new comment needs an open thread, not the answer to one that is sent again.
    """

    version: int | None
    policy: Policy

    @classmethod
    def of(cls, request: Request) -> Self:
        """Raises ValueError for what no service of ours sends."""
        headers = request.scope["headers"]
        version, policy = (header_of(headers, name).decode("latin-1") for name in (_VERSION, _POLICY))
        if policy and policy not in get_args(Policy):
            raise ValueError(policy)
        return cls(int(version) if version else None, cast("Policy", policy or "open"))


async def write_comment(request: Request) -> Response:
    """The caller has made sure that the post is live; what is known here may be newer."""
    post_id, body, state = AskedToWrite.of(request).post_id, await whole_body(request), request.scope["state"]
    new = model_of(body, NewComment)
    clock: Clock = state["clock"]
    ids: IdSource = state["ids"]
    tokens: Tokens = state["tokens"]
    writer, facts = await _writer(request, new), form_facts(request)
    is_judged = state["is_filtered"] and not writer.is_moderator
    ready = ready_comment(new.body, new.author_name, new.author_url, is_filtered=is_judged, facts=facts)
    parent_id = None if new.parent_id is None else int(new.parent_id)
    token = idempotency_token(request, principal_of(request), body)

    async def work(writes: Writes) -> WrittenOut:
        now = clock()
        made: Created | None = None

        async def effect() -> Answer:
            nonlocal made
            made = await create_comment(writes, post_id, parent_id, ready, writer, ids=ids, now=now)
            told = msgspec.json.encode([made.stored.row["id"], made.may_prove])
            return Answer(told.decode(), 201)

        # only the id is kept of an answer: a comment that a moderator decided about since is shown as it is
        written = await once(writes, idempotency, token, now, effect)
        if made is not None:
            return _written(made.stored, tokens, now, may_prove=made.may_prove)
        comment_id, may_prove = msgspec.json.decode(written.text)
        return _written(await _stored(writes, post_id, comment_id), tokens, now, may_prove=may_prove)

    written: WrittenOut = await state["database"].write(work, is_short=True)
    shows_in = () if written.comment.state == "held" else touched(post_id)
    return json_answer(written, 201, touches_header(shows_in))


async def _writer(request: Request, new: NewComment) -> Writer:
    state, seen = request.scope["state"], SeenPost.of(request)
    origin = await origin_of(request, address_of(request), state["clock"]())
    subscriber = Subscriber.wanted(new.email, notify=new.notify)
    return Writer(
        "comments:moderate" in principal_of(request).scopes,
        origin,
        state["known_blocks"],
        seen.version,
        seen.policy,
        state["limits"],
        state["tokens"].secret,
        subscriber if state["notifies"] else None,
    )


async def _stored(writes: Writes, post_id: int, comment_id: int) -> Stored:
    row = await comment_by_id(writes, comment_id)
    if row is None:
        raise CommentNotFound
    return Stored(row, await shown_count(writes, post_id))


def _written(stored: Stored, tokens: Tokens, now: datetime, *, may_prove: bool) -> WrittenOut:
    row = stored.row
    is_as_written = row["version"] == 1  # what it became since was judged anew
    may_prove = may_prove and is_as_written and row["state"] == "held"
    challenge = tokens.challenge(row["id"], row["version"], now) if may_prove else None
    return WrittenOut(
        comment=own_comment_out(row),
        shown_count=stored.shown_count,
        edit_token=tokens.edit_token(row["id"]),
        editable_until=row["published_at"] + tokens.window,
        challenge=challenge_out(challenge),
    )


HOT: Final[Mapping[str, Endpoint]] = {"/threads/{post_id}/comments": write_comment}
