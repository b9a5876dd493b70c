"""The blog itself: its settings and its archive."""

from fastapi import APIRouter, Depends, Response

from services.common.callers import ANONYMOUS
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.cache.gathering import shows
from services.gateway.deps import ForwarderDep
from services.gateway.examples import ARCHIVE, BLOG, example
from services.gateway.parameters import IfMatch, conditions
from services.gateway.responses import CHANGE, LIST
from services.gateway.schemas.blog import Archive, BlogPatch, BlogSettings

router = APIRouter(prefix="/api/v1", tags=["blog"], dependencies=[Depends(json_only)])


@router.get(
    "/blog",
    operation_id="getBlog",
    summary="The blog's settings, with their ETag",
    responses={200: example(BLOG), **LIST},
)
async def get_blog(forwarder: ForwarderDep, response: Response) -> BlogSettings:
    return (await forwarder.read_posts("/blog", ANONYMOUS, BlogSettings)).tagged(response)


@router.patch(
    "/blog",
    operation_id="changeBlog",
    summary="Change the blog's settings; needs the scope blog:write",
    responses={200: example(BLOG), **CHANGE},
)
async def change_blog(
    given: BlogPatch,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> BlogSettings:
    principal.require("blog:write")
    sent = conditions(if_match)
    return (await forwarder.write_posts("PATCH", "/blog", principal, BlogSettings, given, conditions=sent)).tagged(
        response
    )


@router.get(
    "/archive",
    operation_id="getArchive",
    summary="How many articles were published in which month",
    responses={200: example(ARCHIVE), **LIST},
)
async def get_archive(forwarder: ForwarderDep) -> Archive:
    shows("list")
    return (await forwarder.read_posts("/archive", ANONYMOUS, Archive)).value
