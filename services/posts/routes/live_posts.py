"""Live posts by their ids, for what is shown beside comments."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.common.deps import DatabaseDep
from services.common.hot_routes import json_answer
from services.common.ids import Id
from services.posts.deps import PublicUrlDep
from services.posts.queries.blog import the_blog
from services.posts.queries.posts import live_posts_by_ids
from services.posts.schemas.articles import LivePostsOut
from services.posts.schemas.views import blog_out, target_out

router = APIRouter()
MAX_POSTS = 101
"""A page of comments, and the post whose feed it is."""


@router.get("/live-posts")
async def list_live_posts(
    database: DatabaseDep,
    public_url: PublicUrlDep,
    post_id: Annotated[list[Id], Query(max_length=MAX_POSTS)] = [],  # noqa: B006 FastAPI copies it
) -> Response:
    """Those that are live, and the blog around them."""
    async with database.read() as reads:
        blog = await the_blog(reads)
        found = await live_posts_by_ids(reads, {int(one) for one in post_id})
    return json_answer(LivePostsOut(blog_out(blog, public_url), [target_out(row) for row in found]))
