"""The article pages that readers see."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.ids import parse_id
from services.common.urls import escaped_path
from services.gateway.clients.models import Moved
from services.gateway.compose.articles import BlogArticle
from services.gateway.compose.asked import AskedThread
from services.gateway.deps import ComposerDep
from services.gateway.pages.comment_form import CommentForm
from services.gateway.pages.comment_html import comments_html
from services.gateway.pages.form_stamps import FormStampsDep
from services.gateway.pages.posted import Posted
from services.gateway.pages.renderer import Renderer, RendererDep
from services.gateway.parameters import CommentsOrder, Cursor
from services.gateway.responses import READ

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)


@router.get(
    "/{path:path}",
    operation_id="getArticlePage",
    summary="The article or static page at its permalink",
    response_model=str,
    responses={301: {"description": "The article has another path now"}, **READ},
)
async def get_article_page(
    path: Annotated[str, Path(examples=["2024/02/four-knots-worth-knowing-by-heart.html"])],
    request: Request,
    composer: ComposerDep,
    renderer: RendererDep,
    stamps: FormStampsDep,
    posted: Annotated[Posted, Depends()],
    comments_cursor: Cursor = None,
    comments_order: CommentsOrder = None,
    show_comment: Annotated[
        str | None, Query(alias="showComment", max_length=20, description="The comment that is to be on the page.")
    ] = None,
    reply_to: Annotated[str | None, Query(max_length=20, description="The comment to answer.")] = None,
) -> Response:
    found = await composer.by_path(f"/{path}", AskedThread(comments_cursor, comments_order, _id(show_comment)))
    if isinstance(found, Moved):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(escaped_path(found.path) + query, 301)
    form = CommentForm(parent_id=reply_to if reply_to and reply_to.isdecimal() else "")
    return article_page(renderer, found, stamps.stamped(form, found.page.id), posted)


def _id(text: str | None) -> str | None:
    """What is no id names no comment, as one that is not there."""
    try:
        return None if text is None else str(parse_id(text))
    except ValueError:
        return None


def article_page(
    renderer: Renderer,
    found: BlogArticle,
    form: CommentForm,
    posted: Posted | None = None,
    status: int = 200,
) -> Response:
    """`posted`: to who has just posted a comment."""
    page, posted = found.page, posted or Posted()
    answered = next((one for one in page.comments.items if one.id == form.parent_id), None)
    return renderer.page(
        "article.html",
        status,
        blog=found.blog,
        page=page,
        form=form,
        answered=answered,
        posted=posted,
        thread=found.thread,
        comments=comments_html(found, renderer.own_path(page.url, found.blog), posted.comment_id),
    )
