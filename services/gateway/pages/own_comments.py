"""Where authors change and delete their comments while these are new. The cookie of the comment lets them in."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.callers import ANONYMOUS
from services.common.ids import Id
from services.common.problems import Forbidden, Invalid, NotFound, Unavailable
from services.common.urls import escaped_path
from services.gateway.clients.models import OwnComment
from services.gateway.deps import ClientAddressDep, CommentForwarderDep
from services.gateway.edit_cookies import EditCookie
from services.gateway.errors import PassedOn
from services.gateway.forward_comments import Sender
from services.gateway.pages.comment_form import CommentForm
from services.gateway.pages.comments import FORM_FIELDS, form_fields
from services.gateway.pages.posted import place_of
from services.gateway.pages.renderer import Renderer, RendererDep
from services.gateway.responses import OWN_READ, WRITE, problem_responses

router = APIRouter(prefix="/comments/{comment_id}", tags=["pages"], default_response_class=HTMLResponse)
CommentId = Annotated[Id, Path(description="The comment's id, a decimal string.", examples=["912677723929504799"])]
_EDITED = {name: FORM_FIELDS[name] for name in ("author_name", "author_url", "body")}
_FORM = {
    "requestBody": {
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": _EDITED}}},
        "required": True,
    }
}


@router.get(
    "/edit",
    operation_id="getCommentEditor",
    summary="The form by which an author changes a comment",
    response_model=str,
    responses={**OWN_READ, **problem_responses(Forbidden)},
)
async def get_comment_editor(
    comment_id: CommentId, token: EditCookie, forwarder: CommentForwarderDep, renderer: RendererDep
) -> Response:
    own = await forwarder.own(comment_id, token)
    form = CommentForm(author_name=own.author_name or "", author_url=own.author_url or "", body=own.body)
    return _editor(renderer, own, form)


@router.post(
    "/edit",
    operation_id="submitCommentEditor",
    summary="Change one's own comment",
    status_code=303,
    response_model=None,
    responses={303: {"description": "Changed: the comment's place"}, **WRITE, **problem_responses(NotFound)},
    openapi_extra=_FORM,
)
async def submit_comment_editor(
    comment_id: CommentId,
    request: Request,
    token: EditCookie,
    forwarder: CommentForwarderDep,
    renderer: RendererDep,
    address: ClientAddressDep,
) -> Response:
    form = CommentForm.from_fields(await form_fields(request))
    own = await forwarder.own(comment_id, token)
    try:
        edited = await forwarder.edit(comment_id, form.patch(), token, Sender(ANONYMOUS, address))
    except (Invalid, PassedOn, Unavailable) as problem:
        if isinstance(problem, PassedOn) and not problem.errors:
            raise
        return _editor(renderer, own, form.refused(problem), problem.status)
    path = await forwarder.article_path(own.post_id)
    return RedirectResponse(place_of(path, edited.comment, edited.challenge, edited.comment.cursor), 303)


@router.post(
    "/delete",
    operation_id="submitCommentDeletion",
    summary="Delete one's own comment",
    status_code=303,
    response_model=None,
    responses={303: {"description": "Gone: its article"}, **WRITE},
)
async def submit_comment_deletion(
    comment_id: CommentId, request: Request, token: EditCookie, forwarder: CommentForwarderDep
) -> Response:
    await form_fields(request)
    try:
        path = await forwarder.article_path((await forwarder.own(comment_id, token)).post_id)
    except (PassedOn, Unavailable):  # gone already, or under an article that is
        path = "/"
    await forwarder.delete(comment_id, token)
    return RedirectResponse(f"{escaped_path(path)}#comments", 303)


def _editor(renderer: Renderer, own: OwnComment, form: CommentForm, status: int = 200) -> Response:
    response = renderer.page("own_comment.html", status, blog=None, own=own, form=form)
    response.headers["Cache-Control"] = "no-store"
    return response
