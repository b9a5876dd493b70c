"""Posts written by programs."""

from fastapi import APIRouter, Depends, Response

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.links import absolute
from services.gateway.deps import ForwarderDep
from services.gateway.examples import POST, example
from services.gateway.responses import WRITE
from services.gateway.schemas import NewPost, Post, StoredPost

router = APIRouter(prefix="/api/v1/posts", tags=["posts"], dependencies=[Depends(json_only)])


@router.post(
    "",
    operation_id="createPost",
    summary="Write a post; needs the scope posts:write, and posts:publish unless it is a draft",
    status_code=201,
    responses={201: example(POST), **WRITE},
)
async def create_post(new: NewPost, forwarder: ForwarderDep, principal: PrincipalDep, response: Response) -> Post:
    principal.require("posts:write", *(["posts:publish"] if new.state == "live" else []))
    written = await forwarder.to_posts("/posts", new, principal, StoredPost)
    if written.state == "live":
        response.headers["Location"] = f"/api/v1/articles/{written.id}"
    url = None if written.path is None else absolute(written.path, forwarder.settings.public_url)
    return Post(**dict(written), url=url)
