"""Posts as editors get them back, each with the tag of the version that it is."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from services.common.database import Reads
from services.posts.commands.editing import Editing
from services.posts.deps import Desk
from services.posts.domain.etags import etag_of
from services.posts.errors import NoSuchPost
from services.posts.queries.links import links_by_post
from services.posts.queries.posts import labels_by_post, post_by_id
from services.posts.schemas.posts import PostOut
from services.posts.schemas.views import post_out


async def post_answer(reads: Reads, post_id: int, public_url: str) -> PostOut:
    """A post in whatever state; raises NoSuchPost."""
    row = await post_by_id(reads, post_id)
    if row is None:
        raise NoSuchPost
    labels = await labels_by_post(reads, [post_id])
    links = await links_by_post(reads, [post_id])
    return post_out(row, labels.get(post_id, []), links[post_id], row["public_url"] or public_url)


def tagged(json: str, etag: str, status: int = 200) -> Response:
    return Response(json, status, {"ETag": etag}, "application/json")


def tagged_post(post: PostOut, status: int = 200) -> Response:
    return tagged(post.model_dump_json(), etag_of(post.version, post.labels), status)


async def edited(desk: Desk, post_id: int, change: Callable[[Editing], Awaitable[None]]) -> Response:
    """Makes the change and answers with the post as it is then, read in the same transaction."""

    async def work(editing: Editing) -> PostOut:
        await change(editing)
        return await post_answer(editing.writes, post_id, editing.public_url)

    return tagged_post(await desk.edit(work))
