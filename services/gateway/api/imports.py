"""Content of another system, in batches."""

from typing import Final

from fastapi import APIRouter, Depends

from services.common.media_type_route import NDJSON
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import EXPORTED, OUTCOME, example
from services.gateway.responses import WRITE
from services.gateway.schemas.imports import (
    BlogOutcome,
    CommentBatch,
    CommentOutcomes,
    FoundPosts,
    ImportedBlog,
    PostBatch,
    PostOutcomes,
    SoughtPosts,
)

router = APIRouter(
    prefix="/api/v1/import",
    tags=["import"],
    dependencies=[Depends(json_only)],
    responses=WRITE,
)
_LINES: Final = {
    "parameters": [
        {
            "name": "source",
            "in": "query",
            "description": "Names the source of lines; a batch names its own.",
            "schema": {"type": "string", "default": "ndjson", "maxLength": 100},
        }
    ],
    "requestBody": {"content": {NDJSON: {"schema": {"type": "string"}, "example": EXPORTED}}},
}


@router.post(
    "/blog",
    operation_id="importBlog",
    summary="Set the blog up from an export; needs the scope import:run",
    responses={200: example({"outcome": "set", "notes": []})},
)
async def import_blog(given: ImportedBlog, forwarder: ForwarderDep, principal: PrincipalDep) -> BlogOutcome:
    principal.require("import:run")
    return await forwarder.to_posts("/import/blog", given, principal, BlogOutcome)


@router.post(
    "/posts",
    operation_id="importPosts",
    summary="Take in posts and pages; needs the scope import:run",
    responses={200: example({"results": [OUTCOME | {"path": "/2024/02/low-water.html"}]})},
)
async def import_posts(batch: PostBatch, forwarder: ForwarderDep, principal: PrincipalDep) -> PostOutcomes:
    principal.require("import:run")
    return await forwarder.to_posts("/import/posts", batch, principal, PostOutcomes)


@router.post(
    "/find-posts",
    operation_id="findPosts",
    summary="Find the posts that comments of another system belong to; needs the scope import:run",
    responses={200: example({"results": [{"path": "/2024/02/low-water.html", "id": OUTCOME["id"]}]})},
)
async def find_posts(sought: SoughtPosts, forwarder: ForwarderDep, principal: PrincipalDep) -> FoundPosts:
    principal.require("import:run")
    return await forwarder.to_posts("/import/find-posts", sought, principal, FoundPosts)


@router.post(
    "/comments",
    operation_id="importComments",
    summary="Take in comments; needs the scope import:run",
    responses={200: example({"results": [OUTCOME]})},
    openapi_extra=_LINES,
)
async def import_comments(batch: CommentBatch, forwarder: ForwarderDep, principal: PrincipalDep) -> CommentOutcomes:
    principal.require("import:run")
    return await forwarder.to_comments("/import/comments", batch, principal, CommentOutcomes)
