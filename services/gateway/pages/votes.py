"""Takes the button below a comment: a vote, then back to the comment."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.callers import ANONYMOUS
from services.common.problems import NotFound
from services.common.urls import escaped_path
from services.gateway.deps import VotingDep, require_media_type
from services.gateway.parameters import CommentId
from services.gateway.responses import WRITE, problem_responses

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)


@router.post(
    "/comments/{comment_id}/vote",
    operation_id="submitVote",
    summary="Vote for a comment by its button",
    status_code=303,
    response_model=None,
    responses={
        303: {"description": "Counted: the comment's place"},
        **WRITE,
        **problem_responses(NotFound),
    },
)
async def submit_vote(comment_id: CommentId, request: Request, voting: VotingDep) -> Response:
    """What was voted for before stays so: a double click is one vote."""
    require_media_type(request, "application/x-www-form-urlencoded")
    voted = await voting.give(comment_id, ANONYMOUS)
    return RedirectResponse(f"{escaped_path(voted.article_path)}?showComment={comment_id}#c{comment_id}", 303)
