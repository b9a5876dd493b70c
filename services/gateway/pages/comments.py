"""Takes the comment form: back to the thread when it is stored, back to the form with its text when not."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.callers import ANONYMOUS
from services.common.problems import Invalid, NotFound, Unavailable, UnsupportedMediaType
from services.common.urls import escaped_path
from services.gateway.deps import ComposerDep, ForwarderDep
from services.gateway.errors import PassedOn
from services.gateway.forward import CommentsClosed, Written
from services.gateway.pages.articles import article_page
from services.gateway.pages.comment_form import CommentForm
from services.gateway.pages.renderer import RendererDep
from services.gateway.parameters import ArticleId
from services.gateway.responses import WRITE, problem_responses

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)
_MAX_FIELDS = 20
_FORM_FIELDS = {
    "type": "object",
    "required": ["body"],
    "properties": {
        "author_name": {"type": "string"},
        "author_url": {"type": "string"},
        "body": {"type": "string", "maxLength": 5000, "example": "And again at half past."},
        "parent_id": {"type": "string"},
        "email": {"type": "string", "description": "Never shown; kept only with `notify`."},
        "notify": {"type": "string", "enum": ["", "1"], "description": "Whether to tell of replies."},
        "once": {"type": "string", "description": "Whatever the form holds: sent twice with it, a comment is one."},
    },
}
_FORM = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _FORM_FIELDS}}, "required": True}}


@router.post(
    "/articles/{article_id}/comments",
    operation_id="submitCommentForm",
    summary="Comment on an article by its form",
    status_code=303,
    response_model=None,
    responses={
        303: {"description": "Stored: the comment's place, or that it waits"},
        **WRITE,
        **problem_responses(NotFound),
    },
    openapi_extra=_FORM,
)
async def submit_comment_form(
    article_id: ArticleId, request: Request, composer: ComposerDep, forwarder: ForwarderDep, renderer: RendererDep
) -> Response:
    form = CommentForm.from_fields(await _fields(request))
    try:
        written = await forwarder.comment(article_id, form.comment(), ANONYMOUS, form.conditions())
    except (Invalid, PassedOn, CommentsClosed, Unavailable) as problem:
        if problem.status == NotFound.status:
            raise
        found = await composer.by_id(article_id)
        response = article_page(renderer, found, form.refused(problem), problem.status)
        response.headers.update(problem.headers)
        return response
    return RedirectResponse(_place(written, composer.settings.comments_per_page), 303)


async def _fields(request: Request) -> dict[str, object]:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("Send the form as application/x-www-form-urlencoded.")
    async with request.form(max_files=0, max_fields=_MAX_FIELDS) as fields:
        return dict(fields)


def _place(written: Written, page_size: int) -> str:
    """Where the reader finds the comment: on the article's page, or on a later page of a long thread; while it waits
    for a moderator, where that is said.
    """
    if written.comment.state != "live":
        return f"{escaped_path(written.article_path)}?comment=held#comment-held"
    later = f"?comments_cursor={written.comment.cursor}" if written.shown_count > page_size else ""
    return f"{escaped_path(written.article_path)}{later}#c{written.comment.id}"
