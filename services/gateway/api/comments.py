"""Comments written by programs."""

from fastapi import APIRouter, Depends, Response

from services.common.problems import NotFound
from services.common.urls import escaped_path
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.model import WrittenComment
from services.gateway.compose.thread import composed_written
from services.gateway.deps import ClientAddressDep, CommentForwarderDep
from services.gateway.edit_cookies import give_edit_cookie
from services.gateway.examples import WRITTEN, example
from services.gateway.forward_comments import Sender
from services.gateway.parameters import ArticleId, IdempotencyKey
from services.gateway.responses import WRITE, problem_responses
from services.gateway.schemas.comments import NewComment

router = APIRouter(prefix="/api/v1/articles", tags=["comments"], dependencies=[Depends(json_only)])


@router.post(
    "/{article_id}/comments",
    operation_id="createComment",
    summary="Comment on an article, or answer a comment",
    status_code=201,
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
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> WrittenComment:
    """202 says that the comment waits for a moderator. `edit_token` is told this once, and to repeats."""
    written = await forwarder.write(article_id, new, Sender(principal, address, idempotency_key))
    give_edit_cookie(response, written.stored, forwarder.settings.public_url)
    comment = written.stored.comment
    if comment.state == "live":
        response.headers["Location"] = f"{escaped_path(written.article_path)}#c{comment.id}"
    else:
        response.status_code = 202
    return composed_written(written.stored)
