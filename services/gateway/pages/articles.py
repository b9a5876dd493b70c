"""The article pages that readers see."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.urls import escaped_path
from services.gateway.clients.models import Moved
from services.gateway.compose.articles import BlogArticle
from services.gateway.deps import ComposerDep
from services.gateway.pages.comment_form import CommentForm
from services.gateway.pages.form_stamps import FormStampsDep
from services.gateway.pages.posted import Posted
from services.gateway.pages.renderer import Renderer, RendererDep
from services.gateway.parameters import Cursor
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
    reply_to: Annotated[str | None, Query(max_length=20, description="The comment to answer.")] = None,
) -> Response:
    found = await composer.by_path(f"/{path}", comments_cursor)
    if isinstance(found, Moved):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(escaped_path(found.path) + query, 301)
    form = CommentForm(parent_id=reply_to if reply_to and reply_to.isdecimal() else "")
    return article_page(renderer, found, stamps.stamped(form, found.page.id), posted, comments_cursor=comments_cursor)


def article_page(
    renderer: Renderer,
    found: BlogArticle,
    form: CommentForm,
    posted: Posted | None = None,
    status: int = 200,
    *,
    comments_cursor: str | None = None,
) -> Response:
    """`posted`: to who has just posted a comment. `comments_cursor`: where the page of the thread begins."""
    page = found.page
    answered = next((one for one in page.comments.items if one.id == form.parent_id), None)
    return renderer.page(
        "article.html",
        status,
        blog=found.blog,
        page=page,
        form=form,
        answered=answered,
        comments_cursor=comments_cursor,
        posted=posted or Posted(),
    )
