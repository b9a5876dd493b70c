"""Takes the comment form: back to the thread when it is stored, back to the form with its text when not."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.callers import ANONYMOUS
from services.common.problems import Invalid, NotFound, Unavailable, UnsupportedMediaType
from services.gateway.clients.models import ThreadOrder
from services.gateway.deps import ClientAddressDep, CommentForwarderDep, ComposerDep
from services.gateway.edit_cookies import give_edit_cookie
from services.gateway.errors import PassedOn
from services.gateway.forward_comments import Sender, Written
from services.gateway.pages.articles import article_page
from services.gateway.pages.comment_form import CommentForm
from services.gateway.pages.form_stamps import FormStampsDep
from services.gateway.pages.posted import place_of
from services.gateway.pages.renderer import RendererDep
from services.gateway.parameters import ArticleId
from services.gateway.responses import WRITE, problem_responses

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)
_MAX_FIELDS = 20
FORM_FIELDS = {
    "author_name": {"type": "string"},
    "author_url": {"type": "string"},
    "body": {"type": "string", "maxLength": 5000, "example": "And again at half past."},
    "parent_id": {"type": "string"},
    "email": {"type": "string", "description": "Never shown; kept only with `notify`."},
    "notify": {"type": "string", "enum": ["", "1"], "description": "Whether to tell of replies."},
    "once": {"type": "string", "description": "Whatever the form holds: sent twice with it, a comment is one."},
    "stamp": {"type": "string", "description": "Whatever the form holds: where it comes from, and when."},
    "comments_order": {"type": "string", "enum": ["oldest", "newest"], "description": "Of the thread as it is read."},
    "comments_cursor": {"type": "string", "description": "Where the page of the thread began."},
}
_SCHEMA = {"type": "object", "required": ["body"], "properties": FORM_FIELDS}
_FORM = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": _SCHEMA}}, "required": True}}


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
    article_id: ArticleId,
    request: Request,
    composer: ComposerDep,
    forwarder: CommentForwarderDep,
    renderer: RendererDep,
    stamps: FormStampsDep,
    address: ClientAddressDep,
) -> Response:
    form = CommentForm.from_fields(await form_fields(request))
    facts = stamps.facts(article_id, form.stamp, form.trap)
    try:
        sender = Sender(ANONYMOUS, address, form.idempotency_key(stamps.sender(address)), facts)
        written = await forwarder.write(article_id, form.comment().model_dump_json(exclude_unset=True).encode(), sender)
    except (Invalid, PassedOn, Unavailable) as problem:
        if problem.status == NotFound.status:
            raise
        found = await composer.by_id(article_id, form.thread)
        refused = stamps.stamped(form.refused(problem), article_id)
        response = article_page(renderer, found, refused, status=problem.status)
        response.headers.update(problem.headers)
        return response
    response = RedirectResponse(_place(written, form.thread.order, composer.settings.comments_per_page), 303)
    give_edit_cookie(response, written.stored, composer.settings.public_url)
    return response


async def form_fields(request: Request) -> dict[str, object]:
    """Raises UnsupportedMediaType for other bodies than forms."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType("Send the form as application/x-www-form-urlencoded.")
    async with request.form(max_files=0, max_fields=_MAX_FIELDS) as fields:
        return dict(fields)


def _place(written: Written, order: ThreadOrder | None, page_size: int) -> str:
    stored = written.stored
    cursor = stored.comment.cursor if stored.shown_count > page_size else None
    return place_of(written.article_path, stored.comment, stored.challenge, cursor, order)
