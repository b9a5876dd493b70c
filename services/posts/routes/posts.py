"""Posts as their writers handle them: written, read, changed, deleted."""

import asyncio
from functools import partial

from fastapi import APIRouter, Response

from services.common.callers import CallerPrincipal
from services.common.deps import DatabaseDep, IdempotencyDep
from services.common.html import HtmlPolicy
from services.common.idempotency import Answer, once
from services.common.ids import Id
from services.posts.commands.create_post import create_post, render_given
from services.posts.commands.delete_post import delete_post
from services.posts.commands.edit_post import edit_post, pick_links
from services.posts.commands.editing import Editing
from services.posts.deps import Desk, DeskDep, IfMatch, PolicyDep, PublicUrlDep
from services.posts.routes.answers import edited, post_answer, tagged_post
from services.posts.schemas.posts import NewPost, PostOut, PostPatch, PostReplacement, RelatedLinks
from services.posts.tables import idempotency

router = APIRouter()


@router.post("/posts", status_code=201, response_model=PostOut)
async def write_post(new: NewPost, desk: DeskDep, policy: PolicyDep, token: IdempotencyDep) -> Response:
    if new.state == "live":
        desk.principal.require("posts:publish")
    body = await asyncio.to_thread(render_given, new.body, policy)

    async def work(editing: Editing) -> PostOut:
        async def effect() -> Answer:
            return Answer(str(await create_post(editing, new, body)), 201)

        # only the id is kept of an answer: a post that was changed or deleted since is not shown as it was
        made = await once(editing.writes, idempotency, token, editing.now, effect)
        return await post_answer(editing.writes, int(made.text), editing.public_url)

    return tagged_post(await desk.edit(work), 201)


@router.get("/posts/{post_id}", response_model=PostOut)
async def get_post(
    post_id: Id, principal: CallerPrincipal, database: DatabaseDep, public_url: PublicUrlDep
) -> Response:
    principal.require("posts:read-drafts")
    async with database.read() as reads:
        return tagged_post(await post_answer(reads, int(post_id), public_url))


@router.put("/posts/{post_id}", response_model=PostOut)
async def replace_post(
    post_id: Id, given: PostReplacement, desk: DeskDep, policy: PolicyDep, if_match: IfMatch = None
) -> Response:
    return await _edit(desk, int(post_id), if_match, given, policy)


@router.patch("/posts/{post_id}", response_model=PostOut)
async def change_post(
    post_id: Id, given: PostPatch, desk: DeskDep, policy: PolicyDep, if_match: IfMatch = None
) -> Response:
    return await _edit(desk, int(post_id), if_match, given, policy)


@router.put("/posts/{post_id}/related-links", response_model=PostOut)
async def pick_related_links(post_id: Id, given: RelatedLinks, desk: DeskDep, if_match: IfMatch = None) -> Response:
    change = partial(pick_links, post_id=int(post_id), if_match=if_match, links=given.related_links)
    return await edited(desk, int(post_id), change)


@router.delete("/posts/{post_id}", status_code=204)
async def delete_post_for_good(post_id: Id, desk: DeskDep, if_match: IfMatch = None) -> None:
    await desk.edit(partial(delete_post, post_id=int(post_id), if_match=if_match))


async def _edit(
    desk: Desk, post_id: int, if_match: str | None, given: PostPatch | PostReplacement, policy: HtmlPolicy
) -> Response:
    body = None if given.body is None else await asyncio.to_thread(render_given, given.body, policy)
    return await edited(desk, post_id, partial(edit_post, post_id=post_id, if_match=if_match, edit=given, body=body))
