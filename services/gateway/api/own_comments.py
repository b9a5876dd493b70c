"""What authors do to their comments while these are new, by programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path

from services.common.ids import Id
from services.common.problems import Forbidden, NotFound
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.model import Comment, EditedComment
from services.gateway.compose.thread import composed_comment, composed_edited
from services.gateway.deps import ClientAddressDep, CommentForwarderDep
from services.gateway.examples import COMMENT, example
from services.gateway.forward_comments import Sender
from services.gateway.responses import WRITE, problem_responses
from services.gateway.schemas.comments import CommentPatch, Proof

router = APIRouter(prefix="/api/v1/comments", tags=["comments"], dependencies=[Depends(json_only)])
CommentId = Annotated[Id, Path(description="The comment's id, a decimal string.", examples=["912677723929504799"])]
EditToken = Annotated[
    str, Header(alias="X-Edit-Token", max_length=200, description="`edit_token` of the answer to the new comment.")
]


@router.patch(
    "/{comment_id}",
    operation_id="editComment",
    summary="Change one's own comment while it is new",
    responses={200: example(COMMENT | {"challenge": None}), **WRITE, **problem_responses(NotFound)},
)
async def edit_comment(
    comment_id: CommentId,
    patch: CommentPatch,
    edit_token: EditToken,
    forwarder: CommentForwarderDep,
    principal: PrincipalDep,
    address: ClientAddressDep,
) -> EditedComment:
    """What is left out stays as it is. It is judged as a new one would be, and may have to wait."""
    return composed_edited(await forwarder.edit(comment_id, patch, edit_token, Sender(principal, address)))


@router.delete(
    "/{comment_id}",
    operation_id="deleteComment",
    summary="Delete one's own comment while it is new",
    status_code=204,
    responses=WRITE,
)
async def delete_comment(comment_id: CommentId, edit_token: EditToken, forwarder: CommentForwarderDep) -> None:
    """Its place stays, empty, while replies stand below it. May be sent again."""
    await forwarder.delete(comment_id, edit_token)


@router.post(
    "/{comment_id}/proof",
    operation_id="proveComment",
    summary="Show a comment that waits, by a proof of work",
    responses={200: example(COMMENT), **WRITE, **problem_responses(Forbidden)},
)
async def prove_comment(comment_id: CommentId, proof: Proof, forwarder: CommentForwarderDep) -> Comment:
    """With a solution of the `challenge` that the answer to the comment had. May be sent again."""
    return composed_comment(await forwarder.prove(comment_id, proof))
