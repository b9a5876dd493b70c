"""Publishing, taking back, the trash."""

from functools import partial

from fastapi import APIRouter, Response

from services.common.ids import Id
from services.posts.commands.edit_post import publish_post, restore_post, revert_post, trash_post
from services.posts.deps import DeskDep, IfMatch
from services.posts.routes.answers import edited
from services.posts.schemas.posts import PostOut, Publication

router = APIRouter(prefix="/posts/{post_id}")


@router.post("/publish", response_model=PostOut)
async def publish(post_id: Id, desk: DeskDep, if_match: IfMatch = None, when: Publication | None = None) -> Response:
    desk.principal.require("posts:publish")
    at = None if when is None else when.published
    return await edited(desk, int(post_id), partial(publish_post, post_id=int(post_id), if_match=if_match, at=at))


@router.post("/revert", response_model=PostOut)
async def revert(post_id: Id, desk: DeskDep, if_match: IfMatch = None) -> Response:
    return await edited(desk, int(post_id), partial(revert_post, post_id=int(post_id), if_match=if_match))


@router.post("/trash", response_model=PostOut)
async def trash(post_id: Id, desk: DeskDep, if_match: IfMatch = None) -> Response:
    return await edited(desk, int(post_id), partial(trash_post, post_id=int(post_id), if_match=if_match))


@router.post("/restore", response_model=PostOut)
async def restore(post_id: Id, desk: DeskDep, if_match: IfMatch = None) -> Response:
    return await edited(desk, int(post_id), partial(restore_post, post_id=int(post_id), if_match=if_match))
