"""Takes in what another system exported."""

import asyncio
from functools import partial

from fastapi import APIRouter

from services.common.callers import CallerPrincipal
from services.common.deps import ClockDep, DatabaseDep, IdsDep
from services.posts.commands.import_blog import import_blog
from services.posts.commands.import_posts import import_posts
from services.posts.commands.prepare_import import prepare_post
from services.posts.deps import PolicyDep, PublicUrlDep
from services.posts.domain.paths import can_be_path
from services.posts.queries.imports import taken_ids
from services.posts.queries.paths import owners_of_paths
from services.posts.schemas.imports import (
    BatchOut,
    BlogImportedOut,
    FoundPostOut,
    FoundPostsOut,
    ImportedBlog,
    PostBatch,
    SoughtPosts,
)

router = APIRouter(prefix="/import")


@router.post("/blog")
async def import_blog_settings(
    given: ImportedBlog, principal: CallerPrincipal, database: DatabaseDep, clock: ClockDep
) -> BlogImportedOut:
    principal.require("import:run")
    return await database.write(partial(import_blog, given=given, now=clock()))


@router.post("/posts")
async def import_post_batch(
    batch: PostBatch,
    principal: CallerPrincipal,
    database: DatabaseDep,
    ids: IdsDep,
    clock: ClockDep,
    public_url: PublicUrlDep,
    policy: PolicyDep,
) -> BatchOut:
    principal.require("import:run")
    items = await asyncio.to_thread(lambda: [prepare_post(post, public_url, policy) for post in batch.posts])
    work = partial(import_posts, source=batch.source, items=items, ids=ids, now=clock())
    return BatchOut(results=await database.write(work))


@router.post("/find-posts")
async def find_posts(sought: SoughtPosts, principal: CallerPrincipal, database: DatabaseDep) -> FoundPostsOut:
    principal.require("import:run")
    async with database.read() as reads:
        owners = await owners_of_paths(reads, [path for path in sought.paths if can_be_path(path)])
        present = await taken_ids(reads, [int(post_id) for post_id in sought.ids])
    by_path = [FoundPostOut(path=path, id=post_id) for path, post_id in owners.items()]
    return FoundPostsOut(results=by_path + [FoundPostOut(path=None, id=post_id) for post_id in sorted(present)])
