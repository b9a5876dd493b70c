"""Comments written by programs."""

from fastapi import APIRouter, Depends, Response

from services.common.problems import NotFound
from services.common.urls import escaped_path
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.model import Comment
from services.gateway.compose.thread import composed_comment
from services.gateway.deps import ForwarderDep
from services.gateway.examples import COMMENT, example
from services.gateway.parameters import ArticleId, IdempotencyKey, conditions
from services.gateway.responses import WRITE, problem_responses
from services.gateway.schemas.comments import NewComment

router = APIRouter(prefix="/api/v1/articles", tags=["comments"], dependencies=[Depends(json_only)])


@router.post(
    "/{article_id}/comments",
    operation_id="createComment",
    summary="Comment on an article, or answer a comment",
    status_code=201,
    responses={
        201: example(COMMENT),
        202: {"description": "Waits for a moderator", **example(COMMENT | {"held": True})},
        **WRITE,
        **problem_responses(NotFound),
    },
)
async def create_comment(
    article_id: ArticleId,
    new: NewComment,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Comment:
    """202 says that the comment waits for a moderator."""
    written = await forwarder.comment(article_id, new, principal, conditions(idempotency_key=idempotency_key))
    if written.comment.state != "live":
        response.status_code = 202
        return composed_comment(written.comment)
    response.headers["Location"] = f"{escaped_path(written.article_path)}#c{written.comment.id}"
    return composed_comment(written.comment)
