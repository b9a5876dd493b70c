"""Comments as readers write them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from fastapi import Request
from starlette.responses import Response

from services.comments.commands.create_comment import Created, Writer, create_comment
from services.comments.commands.ready_comment import ready_comment
from services.comments.commands.store_comments import Stored
from services.comments.commands.subscriptions import Subscriber
from services.comments.commands.touched import touched
from services.comments.deps import Tokens, origin_of
from services.comments.errors import CommentNotFound
from services.comments.queries.threads import comment_by_id, shown_count
from services.comments.schemas.comments import NewComment, WrittenOut
from services.comments.schemas.sent import SentComment, SentOutcome
from services.comments.schemas.views import challenge_out, own_comment_out
from services.comments.tables import idempotency
from services.common.bugs import problem_or_bug
from services.common.callers import parsed_address
from services.common.database import Writes
from services.common.hot_routes import Endpoint, json_answer, model_of, whole_body
from services.common.idempotency import Answer, once
from services.common.idempotency_key import IdempotencyToken, token_for
from services.common.problem_handlers import is_server_error
from services.common.problems import BadRequest, InternalError, Problem, Unavailable
from services.common.request_id import under_request_id

MOST_AT_ONCE: Final = 64
"""More than a gateway sends, so that it may change its mind before this service does."""
_PATH: Final = "/comments"
_OF_CALL: Final = 0.8
"""Of the seconds that a caller waits: the rest is for the way back, with the outcomes of the others."""
_SENT: Final = msgspec.json.Decoder(tuple[SentComment, ...])
State = Mapping[str, Any]


async def write_comments(request: Request) -> Response:
    """Each is stored or refused by itself, and those that are stored may share a commit."""
    try:
        sent = _SENT.decode(await whole_body(request))
    except msgspec.MsgspecError as exc:
        raise BadRequest("These are no comments that a gateway sends.") from exc
    if len(sent) > MOST_AT_ONCE:
        raise BadRequest(f"At most {MOST_AT_ONCE} comments are taken at once.")
    outcomes = await _outcomes(request.scope["state"], sent)
    is_down = bool(outcomes) and all(is_server_error(one.status) for one in outcomes)
    return json_answer(outcomes, InternalError.status if is_down else 200)


async def _outcomes(state: State, sent: Sequence[SentComment]) -> Sequence[SentOutcome]:
    """What has to wait for somebody else for too long keeps no other's outcome back.

    What has not begun by then is left undone, as it is when the caller goes away: it was told that it failed.
    """
    writing = [asyncio.create_task(_outcome(state, one)) for one in sent]
    try:
        if writing:
            await asyncio.wait(writing, timeout=max(one.seconds for one in sent) * _OF_CALL)
        return [one.result() if one.done() else _refused(Unavailable()) for one in writing]
    finally:
        for one in writing:
            one.cancel()


async def _outcome(state: State, sent: SentComment) -> SentOutcome:
    under_request_id(sent.request_id)
    try:
        written = await _write(state, sent)
    except Exception as exc:  # noqa: BLE001 whatever it is, it is this one's alone
        return _refused(problem_or_bug(exc, _PATH))
    return SentOutcome(201, written, () if written.comment.state == "held" else touched(sent.post_id))


def _refused(problem: Problem) -> SentOutcome:
    return SentOutcome(problem.status, problem=problem.members(), headers=problem.headers)


async def _write(state: State, sent: SentComment) -> WrittenOut:
    """The caller has made sure that the post is live; what is known here may be newer."""
    clock, tokens = state["clock"], state["tokens"]
    new = model_of(sent.body.encode(), NewComment)
    writer = await _writer(state, sent, new)
    is_judged = state["is_filtered"] and not writer.is_moderator
    ready = ready_comment(new.body, new.author_name, new.author_url, is_filtered=is_judged, facts=sent.form_facts)
    parent_id = None if new.parent_id is None else int(new.parent_id)
    token = _token(sent, new)

    async def work(writes: Writes) -> WrittenOut:
        now = clock()
        made: Created | None = None

        async def effect() -> Answer:
            nonlocal made
            made = await create_comment(writes, sent.post_id, parent_id, ready, writer, ids=state["ids"], now=now)
            told = msgspec.json.encode([made.stored.row["id"], made.may_prove])
            return Answer(told.decode(), 201)

        # only the id is kept of an answer: a comment that a moderator decided about since is shown as it is
        written = await once(writes, idempotency, token, now, effect)
        if made is not None:
            return _written(made.stored, tokens, now, may_prove=made.may_prove)
        comment_id, may_prove = msgspec.json.decode(written.text)
        return _written(await _stored(writes, sent.post_id, comment_id), tokens, now, may_prove=may_prove)

    written: WrittenOut = await state["database"].write(work, is_short=True)
    return written


def _token(sent: SentComment, new: NewComment) -> IdempotencyToken | None:
    """Of what is meant: who sends it again may have written the same in other JSON."""
    if sent.idempotency_key is None:
        return None
    meant = new.model_dump_json(exclude_unset=True).encode()
    return token_for(sent.principal, sent.idempotency_key, f"POST /threads/{sent.post_id}/comments?", meant)


async def _writer(state: State, sent: SentComment, new: NewComment) -> Writer:
    address = None if sent.address is None else parsed_address(sent.address)
    subscriber = Subscriber.wanted(new.email, notify=new.notify)
    return Writer(
        "comments:moderate" in sent.scopes,
        await origin_of(state, address, state["clock"]()),
        state["known_blocks"],
        sent.post_version,
        sent.post_policy,
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


HOT: Final[Mapping[str, Endpoint]] = {_PATH: write_comments}
