"""The lists that readers see: newest articles, search, labels, the archive."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from services.common.callers import ANONYMOUS
from services.common.hot_routes import Asked, Endpoint
from services.common.problems import NotFound
from services.common.urls import escaped_path
from services.gateway.cache.gathering import shows
from services.gateway.compose.articles import BlogList
from services.gateway.compose.words import month_name
from services.gateway.deps import ComposerDep, ForwarderDep
from services.gateway.pages.renderer import Renderer, RendererDep
from services.gateway.pages.years import NAME as DIGITS
from services.gateway.parameters import Cursor
from services.gateway.responses import LIST, READ
from services.gateway.schemas.blog import Archive, LabelList

router = APIRouter(tags=["pages"], default_response_class=HTMLResponse)

Label = Annotated[str, Path(max_length=100, examples=["Harbor"])]
Year = Annotated[int, Path(examples=[2024])]
Month = Annotated[int, Path(examples=[2])]
Order = Annotated[Literal["best", "newest"], Query()]
_YEARS: Final = range(2, 9999)
_MONTHS: Final = range(1, 13)
SHOWN_LABELS: Final = 200
"""On the page that offers to browse; all of them are in the API."""


class AskedHome(Asked):
    cursor: Cursor = None


class AskedLabel(Asked):
    label: Label
    cursor: Cursor = None


@router.get(
    "/", operation_id="getHomePage", summary="The newest articles as a page", response_model=str, responses=LIST
)
async def get_home_page(composer: ComposerDep, renderer: RendererDep, cursor: Cursor = None) -> Response:
    found = await composer.listed({"cursor": cursor})
    return _page(renderer, found, "/", cursor, is_home=True)


async def get_home(request: Request) -> Response:
    """`get_home_page`, for which everybody asks first."""
    state = request.scope["state"]
    return await get_home_page(state["composer"], state["renderer"], AskedHome.of(request).cursor)


@router.get(
    "/search",
    operation_id="getSearchPage",
    summary="What a search finds, or labels and months to browse",
    response_model=str,
    responses=LIST,
)
async def get_search_page(
    composer: ComposerDep,
    forwarder: ForwarderDep,
    renderer: RendererDep,
    q: Annotated[str, Query(max_length=1000)] = "",
    order: Order = "best",
    cursor: Cursor = None,
) -> Response:
    if not q.strip():
        shows("list", "labels")
        blog = (await composer.listed({"limit": 1})).blog
        labels = (await forwarder.read_posts("/labels", ANONYMOUS, LabelList, {"limit": SHOWN_LABELS})).value
        archive = (await forwarder.read_posts("/archive", ANONYMOUS, Archive)).value
        return renderer.page("browse.html", blog=blog, labels=labels, archive=archive)
    found = await composer.listed({"q": q, "order": order, "cursor": cursor})
    params = {"q": q} if order == "best" else {"q": q, "order": order}
    return _page(renderer, found, "/search", cursor, params, query=q, order=order, heading="Search")


@router.get(
    "/search/label/{label:path}",
    operation_id="getLabelPage",
    summary="The articles that bear a label",
    response_model=str,
    responses=READ,
)
async def get_label_page(label: Label, composer: ComposerDep, renderer: RendererDep, cursor: Cursor = None) -> Response:
    if not label:
        raise NotFound
    found = await composer.listed({"label": label, "cursor": cursor})
    return _page(
        renderer, _not_empty(found), f"/search/label/{escaped_path(label)}", cursor, label=label, heading=label
    )


async def get_label(request: Request) -> Response:
    """`get_label_page`, as for the home page."""
    asked, state = AskedLabel.of(request), request.scope["state"]
    return await get_label_page(asked.label, state["composer"], state["renderer"], asked.cursor)


HOT: Final[Mapping[str, Endpoint]] = {"/": get_home, "/search/label/{label:path}": get_label}


@router.get(
    f"/{{year:{DIGITS}}}/",
    operation_id="getYearPage",
    summary="The articles of a year",
    response_model=str,
    responses=READ,
)
async def get_year_page(year: Year, composer: ComposerDep, renderer: RendererDep, cursor: Cursor = None) -> Response:
    found = await _dated(composer, {"year": year, "cursor": cursor})
    return _page(renderer, found, f"/{year:04}/", cursor, heading=str(year))


@router.get(
    f"/{{year:{DIGITS}}}/{{month:{DIGITS}}}/",
    operation_id="getMonthPage",
    summary="The articles of a month",
    response_model=str,
    responses=READ,
)
async def get_month_page(
    year: Year, month: Month, composer: ComposerDep, renderer: RendererDep, cursor: Cursor = None
) -> Response:
    found = await _dated(composer, {"year": year, "month": month, "cursor": cursor})
    heading = month_name((year, month), found.blog)
    return _page(renderer, found, f"/{year:04}/{month:02}/", cursor, heading=heading)


async def _dated(composer: ComposerDep, params: dict[str, Any]) -> BlogList:
    """Raises NotFound for a time that is none, and for one without articles."""
    if params["year"] not in _YEARS or params.get("month", 1) not in _MONTHS:
        raise NotFound
    return _not_empty(await composer.listed(params))


def _not_empty(found: BlogList) -> BlogList:
    """A label that only drafts bear looks like one that nobody ever used."""
    if not found.articles.items:
        raise NotFound
    return found


def _page(
    renderer: Renderer,
    found: BlogList,
    path: str,
    cursor: str | None,
    params: dict[str, str] | None = None,
    **values: Any,
) -> Response:
    def at(place: str | None) -> str | None:
        return None if place is None else f"{path}?{urlencode((params or {}) | {'cursor': place})}"

    shown: dict[str, Any] = {"is_home": False, "query": "", "order": "best", "label": None, "heading": None} | values
    return renderer.page(
        "list.html",
        blog=found.blog,
        articles=found.articles,
        first=None if cursor is None else f"{path}?{urlencode(params)}" if params else path,
        newer=at(found.articles.previous_cursor),
        older=at(found.articles.next_cursor),
        **shown,
    )
