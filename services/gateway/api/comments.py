"""Comments written by programs."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request, Response

from services.common.hot_routes import Asked, Endpoint, json_answer, model_of, whole_body
from services.common.idempotency_key import sent_key
from services.common.ids import Id
from services.common.problems import NotFound
from services.common.urls import escaped_path
from services.gateway.api.access import PrincipalDep, json_only, principal_of
from services.gateway.compose.model import WrittenComment
from services.gateway.compose.thread import composed_written
from services.gateway.deps import ClientAddressDep, CommentForwarderDep, client_address
from services.gateway.edit_cookies import give_edit_cookie
from services.gateway.examples import WRITTEN, example
from services.gateway.forward_comments import CommentForwarder, Sender
from services.gateway.parameters import ArticleId, IdempotencyKey
from services.gateway.responses import WRITE, problem_responses
from services.gateway.schemas.comments import NewComment


class AskedToComment(Asked):
    article_id: Id


async def post_comment(request: Request) -> Response:
    """`create_comment`, given what it takes: to find that out costs FastAPI as much as to write a comment.

    A good body goes on as it came: whoever keeps comments reads it with the same care.
    """
    await json_only(request)
    article_id, body = AskedToComment.of(request).article_id, await whole_body(request)
    model_of(body, NewComment)
    sender = Sender(await principal_of(request), client_address(request), sent_key(request.scope["headers"]))
    return await _created(request.scope["state"]["comment_forwarder"], article_id, body, sender)


router = APIRouter(prefix="/api/v1/articles", tags=["comments"])


@router.post(
    "/{article_id}/comments",
    operation_id="createComment",
    summary="Comment on an article, or answer a comment",
    status_code=201,
    response_model=WrittenComment,
    responses={
        201: example(WRITTEN),
        202: {"description": "Waits for a moderator", **example(WRITTEN | {"held": True})},
        **WRITE,
        **problem_responses(NotFound),
    },
)
async def create_comment(
    article_id: ArticleId,
    new: NewComment,
    forwarder: CommentForwarderDep,
    principal: PrincipalDep,
    address: ClientAddressDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """202 says that the comment waits for a moderator. `edit_token` is told this once, and to repeats."""
    body = new.model_dump_json(exclude_unset=True).encode()
    return await _created(forwarder, article_id, body, Sender(principal, address, idempotency_key))


async def _created(forwarder: CommentForwarder, article_id: str, body: bytes, sender: Sender) -> Response:
    written = await forwarder.write(article_id, body, sender)
    comment = written.stored.comment
    is_live = comment.state == "live"
    place = {"Location": f"{escaped_path(written.article_path)}#c{comment.id}"} if is_live else None
    answer = json_answer(composed_written(written.stored), 201 if is_live else 202, place)
    give_edit_cookie(answer, written.stored, forwarder.settings.public_url)
    return answer


HOT: Final[Mapping[str, Endpoint]] = {"/api/v1/articles/{article_id}/comments": post_comment}
