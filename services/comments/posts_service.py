"""The posts service as the comments service follows it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from services.comments.settings import CommentsSettings
from services.common.callers import caller_headers
from services.common.followed import FollowedPage, FollowedService
from services.common.outgoing import Transport
from services.common.secret_files import load_or_create_secret
from services.common.sender import sender_to

MAX_POSTS: Final = 500


class CommentedPost(Struct, frozen=True):
    id: str
    is_live: bool
    comment_policy: Literal["open", "closed", "hidden"]
    published: datetime | None
    version: int


class CommentRules(Struct, frozen=True):
    """Which comments wait for a moderator; `days` is how old a post is whose comments do, under `old_posts`.

    `staff` are the names of those who write posts.
    """

    moderation: Literal["none", "first_time", "old_posts", "all"]
    days: int
    names: Literal["optional", "required"]
    votes: Literal["off", "on"]
    staff: list[str]


class NamedArticle(Struct, frozen=True):
    id: str
    title: str
    path: str


class NamedArticles(Struct, frozen=True):
    """Live articles that show comments, and the blog around them."""

    blog_title: str
    public_url: str
    items: list[NamedArticle]


class _Posts(Struct, frozen=True):
    items: list[CommentedPost]


class PostsService:
    """Every call raises NotFollowedError when there is no good answer."""

    def __init__(self, service: FollowedService) -> None:
        self._service = service

    async def head(self) -> str:
        return await self._service.head()

    async def changes(self, after: str, wait_s: float) -> FollowedPage:
        return await self._service.changes(after, limit=MAX_POSTS, wait_s=wait_s)

    async def posts(self, ids: Collection[str]) -> Sequence[CommentedPost]:
        """Those that there are, of up to MAX_POSTS."""
        return (await self._service.get("/commenting/posts", _Posts, {"post_id": list(ids)})).items if ids else []

    async def posts_after(self, post_id: str | None) -> Sequence[CommentedPost]:
        """All in the order of ids, up to MAX_POSTS at a time."""
        params = {"limit": MAX_POSTS} | ({} if post_id is None else {"after": post_id})
        return (await self._service.get("/commenting/all-posts", _Posts, params)).items

    async def rules(self) -> CommentRules:
        return await self._service.get("/commenting/rules", CommentRules)

    async def named_articles(self, ids: Collection[str]) -> NamedArticles:
        """What is not among them is not to be told of."""
        return await self._service.get("/commenting/articles", NamedArticles, {"post_id": list(ids)})

    async def close(self) -> None:
        await self._service.close()


def connect(settings: CommentsSettings, transport: Transport | None) -> PostsService:
    """Over sockets without a transport."""
    headers = caller_headers("comments", load_or_create_secret(settings.secrets, "comments"))
    return PostsService(FollowedService(sender_to(settings.posts_url, headers, transport)))
