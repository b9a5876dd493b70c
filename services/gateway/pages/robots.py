"""robots.txt (RFC 9309): the blog's own, or Dateline's."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from services.common.callers import ANONYMOUS
from services.gateway.cache.gathering import shows
from services.gateway.deps import ForwarderDep
from services.gateway.responses import LIST
from services.gateway.schemas.blog import BlogSettings

router = APIRouter(tags=["pages"])

_ROBOTS_TXT: Final = "User-agent: *\nDisallow: /search\nAllow: /\n"
"""Search pages are without number and say nothing of their own."""


@router.get(
    "/robots.txt",
    operation_id="getRobotsTxt",
    summary="What crawlers may read",
    response_class=PlainTextResponse,
    responses=LIST,
)
async def get_robots_txt(forwarder: ForwarderDep) -> str:
    shows("blog")
    settings = (await forwarder.read_posts("/blog", ANONYMOUS, BlogSettings)).value
    return _ROBOTS_TXT if settings.robots_txt is None else settings.robots_txt
