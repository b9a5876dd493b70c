"""Earlier wordings of a post."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from services.common.ids import MAX_ID
from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.deps import ForwarderDep
from services.gateway.examples import DIFF, POST, REVISION, REVISIONS, example
from services.gateway.parameters import Cursor, IfMatch, PostId, conditions
from services.gateway.responses import CHANGE, OWN_READ
from services.gateway.schemas.posts import Post
from services.gateway.schemas.revisions import Comparison, RevisionList, WholeRevision

router = APIRouter(
    prefix="/api/v1/posts/{post_id}/revisions", tags=["posts"], dependencies=[Depends(json_only)], responses=OWN_READ
)
Version = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The post's version while these were its words.", examples=[3])
]


@router.get(
    "",
    operation_id="listRevisions",
    summary="Earlier wordings of a post, newest first; needs the scope posts:read-drafts",
    responses={200: example(REVISIONS)},
)
async def list_revisions(
    post_id: PostId,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> RevisionList:
    principal.require("posts:read-drafts")
    params = {"cursor": cursor, "limit": limit}
    return (await forwarder.read_posts(f"/posts/{post_id}/revisions", principal, RevisionList, params)).value


@router.get(
    "/{version}",
    operation_id="getRevision",
    summary="A wording in full; needs the scope posts:read-drafts",
    responses={200: example(REVISION)},
)
async def get_revision(
    post_id: PostId, version: Version, forwarder: ForwarderDep, principal: PrincipalDep
) -> WholeRevision:
    principal.require("posts:read-drafts")
    return (await forwarder.read_posts(f"/posts/{post_id}/revisions/{version}", principal, WholeRevision)).value


@router.get(
    "/{version}/diff",
    operation_id="compareRevisions",
    summary="What changed since a wording, up to another or to now; needs the scope posts:read-drafts",
    responses={200: example(DIFF)},
)
async def compare_revisions(
    post_id: PostId,
    version: Version,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    to: Annotated[
        int | None, Query(ge=1, le=MAX_ID, description="Another version; the present one by default.")
    ] = None,
) -> Comparison:
    principal.require("posts:read-drafts")
    path = f"/posts/{post_id}/revisions/{version}/diff"
    return (await forwarder.read_posts(path, principal, Comparison, {"to": to})).value


@router.post(
    "/{version}/restore",
    operation_id="restoreRevision",
    summary="Bring a wording back; needs posts:write, and posts:publish when readers see it",
    responses={200: example(POST), **CHANGE},
)
async def restore_revision(
    post_id: PostId,
    version: Version,
    forwarder: ForwarderDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> Post:
    principal.require("posts:write")
    path, sent = f"/posts/{post_id}/revisions/{version}/restore", conditions(if_match)
    return (await forwarder.write_posts("POST", path, principal, Post, conditions=sent)).tagged(response)
