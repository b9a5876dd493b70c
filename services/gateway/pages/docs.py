"""The API's description for people, without anything from the network."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from services.gateway.pages.renderer import RendererDep
from services.gateway.security_headers import DOCS_CSP

router = APIRouter(include_in_schema=False)


@router.get("/docs", response_class=HTMLResponse)
async def get_docs(renderer: RendererDep) -> Response:
    response = renderer.page("docs.html", blog=None)
    response.headers["Content-Security-Policy"] = DOCS_CSP
    return response
