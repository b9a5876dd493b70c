"""Posts as editors handle them: written, listed, read, changed, deleted."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from services.common.callers import Principal
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import POST, POSTS, example
from services.gateway.forward import Forwarder
from services.gateway.parameters import Cursor, Filters, IdempotencyKey, IfMatch, Include, PostId, conditions
from services.gateway.responses import CHANGE, OWN_LIST, OWN_READ, WRITE
from services.gateway.schemas.common import Kind, State
from services.gateway.schemas.posts import NewPost, PickedLinks, Post, PostList, PostPatch, PostReplacement

router = APIRouter(prefix="/api/v1/posts", tags=["posts"], dependencies=[Depends(json_only)])
ANSWER = {200: example(POST), **CHANGE}


@router.post(
    "",
    operation_id="createPost",
    summary="Write a post or page; needs the scope posts:write, and posts:publish unless it is a draft",
    status_code=201,
    responses={201: example(POST), **WRITE},
)
async def create_post(
    new: NewPost,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Post:
    principal.require("posts:write", *(["posts:publish"] if new.state == "live" else []))
    sent = conditions(idempotency_key=idempotency_key)
    post = await _write(forwarder, "POST", "", principal, response, new, sent)
    response.headers["Location"] = f"/api/v1/posts/{post.id}"
    return post


@router.get(
    "",
    operation_id="listPosts",
    summary="Posts and pages in any state, newest first; needs the scope posts:read-drafts",
    responses={200: example(POSTS), **OWN_LIST},
)
async def list_posts(
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    filters: Filters,
    state: Annotated[list[State] | None, Query(max_length=4, description="All but trashed ones by default.")] = None,
    kind: Annotated[list[Kind] | None, Query(max_length=2)] = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    include: Include = None,
) -> PostList:
    principal.require("posts:read-drafts")
    params = filters | {"state": state, "kind": kind, "cursor": cursor, "limit": limit, "include": include}
    return (await forwarder.read_posts("/posts", principal, PostList, params)).value


@router.get(
    "/{post_id}",
    operation_id="getPost",
    summary="A post in any state, with its ETag; needs the scope posts:read-drafts",
    responses={200: example(POST), **OWN_READ},
)
async def get_post(post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, response: Response) -> Post:
    principal.require("posts:read-drafts")
    return await _write(forwarder, "GET", f"/{post_id}", principal, response)


@router.put(
    "/{post_id}",
    operation_id="replacePost",
    summary="Write a post anew; needs posts:write, and posts:publish when readers see it",
    responses=ANSWER,
)
async def replace_post(
    post_id: PostId,
    given: PostReplacement,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> Post:
    principal.require("posts:write")
    return await _write(forwarder, "PUT", f"/{post_id}", principal, response, given, conditions(if_match))


@router.patch(
    "/{post_id}",
    operation_id="changePost",
    summary="Change some of a post; needs posts:write, and posts:publish when readers see it",
    responses=ANSWER,
)
async def change_post(
    post_id: PostId,
    given: PostPatch,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> Post:
    principal.require("posts:write")
    return await _write(forwarder, "PATCH", f"/{post_id}", principal, response, given, conditions(if_match))


@router.put(
    "/{post_id}/related-links",
    operation_id="pickRelatedLinks",
    summary="Pick the related links of a post, in this order; needs posts:write, and posts:publish when readers see it",
    responses=ANSWER,
)
async def pick_related_links(
    post_id: PostId,
    given: PickedLinks,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> Post:
    principal.require("posts:write")
    path = f"/{post_id}/related-links"
    return await _write(forwarder, "PUT", path, principal, response, given, conditions(if_match))


@router.delete(
    "/{post_id}",
    operation_id="deletePost",
    summary="Delete a post for good; needs posts:write, and posts:publish when readers see it",
    status_code=204,
    responses=CHANGE,
)
async def delete_post(
    post_id: PostId, forwarder: ForwarderDep, principal: PrincipalDep, if_match: IfMatch = None
) -> None:
    principal.require("posts:write")
    await forwarder.delete_from_posts(f"/posts/{post_id}", principal, conditions(if_match))


async def _write(
    forwarder: Forwarder,
    method: str,
    path: str,
    principal: Principal,
    response: Response,
    body: BaseModel | None = None,
    sent: Mapping[str, str] | None = None,
) -> Post:
    owned = await forwarder.write_posts(method, f"/posts{path}", principal, Post, body, conditions=sent)
    return owned.tagged(response)
