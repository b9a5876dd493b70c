"""Posts written by programs."""

from typing import Any

from fastapi import APIRouter, Depends, Response

from services.gateway.api.access import PrincipalDep, json_only
from services.gateway.compose.links import absolute
from services.gateway.deps import ForwarderDep
from services.gateway.responses import WRITE
from services.gateway.schemas import NewPost, Post

MAX_POST_BYTES = 4 * 1024 * 1024  # a million characters, escaped as JSON may escape them
router = APIRouter(
    prefix="/api/v1/posts", tags=["posts"], dependencies=[Depends(json_only)], max_body_size=MAX_POST_BYTES
)


@router.post(
    "",
    operation_id="createPost",
    summary="Write a post; needs the scope posts:write, and posts:publish unless it is a draft",
    status_code=201,
    responses=WRITE,
)
async def create_post(new: NewPost, forwarder: ForwarderDep, principal: PrincipalDep, response: Response) -> Post:
    principal.require("posts:write", *(["posts:publish"] if new.state == "live" else []))
    written: dict[str, Any] = await forwarder.to_posts("/posts", new, principal)
    response.headers["Location"] = f"/api/v1/articles/{written['id']}"
    path = written["path"]
    return Post(**written, url=absolute(path, forwarder.settings.public_url) if path else None)
