"""What the comments service's routes are given."""

from typing import Annotated

from fastapi import Depends, Request

from services.comments.posts_service import PostsService


async def _is_filtered(request: Request) -> bool:
    is_filtered: bool = request.state.is_filtered
    return is_filtered


FilterDep = Annotated[bool, Depends(_is_filtered)]
"""Whether the filter looks at new comments."""


async def _posts(request: Request) -> PostsService:
    posts: PostsService = request.state.posts
    return posts


PostsDep = Annotated[PostsService, Depends(_posts)]
