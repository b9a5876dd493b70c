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
_VOTE = {"vote": {"type": "string", "enum": ["", "back"], "description": "`back` takes it back."}}
_FORM = {
    "requestBody": {
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": _VOTE}}}
    }
}


@router.post(
    "/comments/{comment_id}/vote",
    operation_id="submitVote",
    summary="Vote for a comment by its button, or take the vote back",
    status_code=303,
    response_model=None,
    responses={
        303: {"description": "Counted: the comment's place"},
        **WRITE,
        **problem_responses(NotFound),
    },
    openapi_extra=_FORM,
)
async def submit_vote(comment_id: CommentId, request: Request, voting: VotingDep) -> Response:
    """What was voted for before stays so: a double click is one vote. Pages know nobody, so they offer both."""
    require_media_type(request, "application/x-www-form-urlencoded")
    async with request.form(max_files=0, max_fields=1) as fields:
        is_back = fields.get("vote") == "back"
    vote = voting.take_back if is_back else voting.give
    voted = await vote(comment_id, ANONYMOUS)
    return RedirectResponse(f"{escaped_path(voted.article_path)}?showComment={comment_id}#c{comment_id}", 303)
