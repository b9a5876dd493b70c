"""The article pages that readers see."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import Field

from services.common.hot_routes import Asked, Endpoint
from services.common.ids import parse_id
from services.common.urls import escaped_path
from services.gateway.clients.models import Moved
from services.gateway.compose.articles import BlogArticle, Composer
from services.gateway.compose.asked import AskedThread
from services.gateway.pages.comment_form import CommentForm
from services.gateway.pages.form_stamps import FormStamps
from services.gateway.pages.html_by_hand import comments_html, related_html
from services.gateway.pages.posted import Posted
from services.gateway.pages.renderer import Renderer
from services.gateway.pages.years import NAME as DIGITS
from services.gateway.parameters import CommentsOrder, Cursor
from services.gateway.responses import READ

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)


class AskedPage(Asked):
    """How the page at a permalink is asked for."""

    comments_cursor: Cursor = None
    comments_order: CommentsOrder = None
    show_comment: str | None = Field(
        None, alias="showComment", max_length=20, description="The comment that is to be on the page."
    )
    reply_to: str | None = Field(None, max_length=20, description="The comment to answer.")
    comment: str | None = Field(None, max_length=20, description="`held`: the author's comment waits for a moderator.")
    posted: str | None = Field(None, max_length=20, description="The author's comment.")
    proof: str | None = Field(None, max_length=1000, description="What shows it when it is solved.")


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
    asked: Annotated[AskedPage, Query()],
) -> Response:
    return await _page_at(f"/{path}", request, asked)


async def get_dated_page(request: Request) -> Response:
    """Where nearly all articles are."""
    return await _page_at(request.scope["path"], request, AskedPage.of(request))


HOT: Final[Mapping[str, Endpoint]] = {f"/{{year:{DIGITS}}}/{{month:{DIGITS}}}/{{name}}.html": get_dated_page}


async def _page_at(path: str, request: Request, asked: AskedPage) -> Response:
    state = request.scope["state"]
    composer: Composer = state["composer"]
    stamps: FormStamps = state["form_stamps"]
    thread = AskedThread(asked.comments_cursor, asked.comments_order, _id(asked.show_comment))
    found = await composer.by_path(path, thread)
    if isinstance(found, Moved):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(escaped_path(found.path) + query, 301)
    parent_id = asked.reply_to if asked.reply_to and asked.reply_to.isdecimal() else ""
    form = CommentForm(parent_id=parent_id, stamp=stamps.stamp(found.page.id))
    posted = Posted(asked.comment, asked.posted, asked.proof)
    return article_page(state["renderer"], found, form, posted)


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
    page, blog, posted = found.page, found.blog, posted or Posted()
    own_path = partial(renderer.own_path, blog=blog)
    answered = next((one for one in found.comments if one.id == form.parent_id), None)
    return renderer.page(
        "article.html",
        status,
        blog=blog,
        page=page,
        related=related_html(found, own_path),
        form=form,
        answered=answered,
        posted=posted,
        thread=found.thread,
        comments=comments_html(found, own_path(page.url), posted.comment_id),
    )
