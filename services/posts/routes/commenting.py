"""What the comments service follows: which posts take comments, and which comments wait."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import RowMapping

from services.common.deps import DatabaseDep
from services.common.ids import Id
from services.posts.deps import PublicUrlDep
from services.posts.queries.authors import author_names
from services.posts.queries.blog import the_blog
from services.posts.queries.commenting import commented_posts, commented_posts_after, named_articles
from services.posts.schemas.commenting import (
    CommentedListOut,
    CommentedOut,
    NamedArticleOut,
    NamedArticlesOut,
    RulesOut,
)

router = APIRouter(prefix="/commenting")
MAX_POSTS = 500


@router.get("/posts")
async def list_commented(
    post_id: Annotated[list[Id], Query(min_length=1, max_length=MAX_POSTS)], database: DatabaseDep
) -> CommentedListOut:
    """What is not among the answers does not exist."""
    async with database.read() as reads:
        rows = await commented_posts(reads, {int(one) for one in post_id})
    return CommentedListOut(items=[_commented(row) for row in rows])


@router.get("/all-posts")
async def list_all_commented(
    database: DatabaseDep, after: Id | None = None, limit: Annotated[int, Query(ge=1, le=MAX_POSTS)] = MAX_POSTS
) -> CommentedListOut:
    """In the order of ids; `after` is the last one that is known."""
    async with database.read() as reads:
        rows = await commented_posts_after(reads, int(after or 0), limit)
    return CommentedListOut(items=[_commented(row) for row in rows])


@router.get("/articles")
async def list_named(
    post_id: Annotated[list[Id], Query(min_length=1, max_length=MAX_POSTS)],
    database: DatabaseDep,
    public_url: PublicUrlDep,
) -> NamedArticlesOut:
    """What is not among the answers is nothing that readers are to be told of."""
    async with database.read() as reads:
        blog = await the_blog(reads)
        rows = await named_articles(reads, {int(one) for one in post_id})
    items = [NamedArticleOut(id=row["id"], title=row["title"], path=row["path"]) for row in rows]
    return NamedArticlesOut(blog_title=blog["title"], public_url=blog["public_url"] or public_url, items=items)


@router.get("/rules")
async def get_rules(database: DatabaseDep) -> RulesOut:
    async with database.read() as reads:
        blog = await the_blog(reads)
        staff = await author_names(reads)
    return RulesOut(
        moderation=blog["comment_moderation"],
        days=blog["comment_moderation_days"],
        names=blog["comment_names"],
        votes=blog["comment_votes"],
        staff=staff,
    )


def _commented(row: RowMapping) -> CommentedOut:
    return CommentedOut(
        id=row["id"],
        is_live=row["state"] == "live",
        comment_policy=row["comment_policy"],
        published=row["published_at"],
        version=row["version"],
    )
