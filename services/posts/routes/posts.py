"""Posts as their writers handle them."""

import asyncio

from fastapi import APIRouter

from services.common.callers import CallerPrincipal
from services.common.database import Reads, Writes
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.posts.commands.create_post import create_post, render_new_post
from services.posts.deps import PolicyDep, PublicUrlDep
from services.posts.errors import PostNotFound
from services.posts.queries.posts import labels_by_post, own_links, post_by_id
from services.posts.schemas.posts import NewPost, PostOut
from services.posts.schemas.views import post_out

router = APIRouter()


@router.post("/posts", status_code=201)
async def write_post(
    new: NewPost,
    principal: CallerPrincipal,
    database: DatabaseDep,
    ids: IdsDep,
    clock: ClockDep,
    public_url: PublicUrlDep,
    policy: PolicyDep,
) -> PostOut:
    principal.require("posts:write", *(["posts:publish"] if new.state == "live" else []))
    body = await asyncio.to_thread(render_new_post, new, policy)

    async def work(writes: Writes) -> PostOut:
        post_id = await create_post(writes, new, body, ids=ids, now=clock(), public_url=public_url)
        return await _post(writes, post_id)

    return await database.write(work)


async def _post(reads: Reads, post_id: int) -> PostOut:
    row = await post_by_id(reads, post_id)
    if row is None:
        raise PostNotFound
    labels = await labels_by_post(reads, [post_id])
    return post_out(row, labels.get(post_id, []), await own_links(reads, post_id))
