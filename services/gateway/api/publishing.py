"""Publishing posts, taking them back, the trash."""

from fastapi import APIRouter, Depends, Response

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import POST, example
from services.gateway.parameters import IfMatch, PostId, conditions
from services.gateway.responses import CHANGE
from services.gateway.schemas.posts import Post, Publication

router = APIRouter(
    prefix="/api/v1/posts/{post_id}",
    tags=["posts"],
    dependencies=[Depends(json_only)],
    responses={200: example(POST), **CHANGE},
)


@router.post(
    "/publish",
    operation_id="publishPost",
    summary="Publish a post now, at its own date or at a time; needs posts:write and posts:publish",
)
async def publish_post(
    post_id: PostId,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    given: Publication | None = None,
    if_match: IfMatch = None,
) -> Post:
    principal.require("posts:write", "posts:publish")
    path, sent = f"/posts/{post_id}/publish", conditions(if_match)
    return (await forwarder.write_posts("POST", path, principal, Post, given, conditions=sent)).tagged(response)


@router.post(
    "/revert",
    operation_id="revertPost",
    summary="Take a post back to a draft; needs posts:write, and posts:publish when readers see it",
)
async def revert_post(
    post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response, if_match: IfMatch = None
) -> Post:
    principal.require("posts:write")
    path, sent = f"/posts/{post_id}/revert", conditions(if_match)
    return (await forwarder.write_posts("POST", path, principal, Post, conditions=sent)).tagged(response)


@router.post(
    "/trash",
    operation_id="trashPost",
    summary="Put a post into the trash; needs posts:write, and posts:publish when readers see it",
)
async def trash_post(
    post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response, if_match: IfMatch = None
) -> Post:
    principal.require("posts:write")
    path, sent = f"/posts/{post_id}/trash", conditions(if_match)
    return (await forwarder.write_posts("POST", path, principal, Post, conditions=sent)).tagged(response)


@router.post(
    "/restore",
    operation_id="restorePost",
    summary="Take a post out of the trash to the state it had; needs posts:write, and posts:publish if that was public",
)
async def restore_post(
    post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response, if_match: IfMatch = None
) -> Post:
    principal.require("posts:write")
    path, sent = f"/posts/{post_id}/restore", conditions(if_match)
    return (await forwarder.write_posts("POST", path, principal, Post, conditions=sent)).tagged(response)
