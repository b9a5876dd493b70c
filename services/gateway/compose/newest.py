"""Composes the newest comments with the articles that they stand under, and counts of many articles."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from services.common.urls import absolute
from services.gateway.cache.gathering import shows
from services.gateway.clients.models import Blog, LivePosts, NewestComments, Target
from services.gateway.clients.models import NewestComment as FoundComment
from services.gateway.compose.model import CommentedArticle, NewestComment, NewestCommentList
from services.gateway.compose.thread import composed_comment
from services.gateway.errors import UNAVAILABLE, ServiceDown
from services.gateway.upstreams import Upstreams


class BlogComments(Struct, frozen=True):
    """`article` is the one that was asked for, None where it is not live."""

    blog: Blog
    article: CommentedArticle | None
    comments: NewestCommentList


async def newest_comments(upstreams: Upstreams, article_id: str | None, cursor: str | None, limit: int) -> BlogComments:
    """Of all articles or of one. Raises PassedOn (422) and Unavailable."""
    shows(*(["comments"] if article_id is None else [f"thread:{article_id}", f"post:{article_id}"]))
    try:
        found = await upstreams.comments.newest(article_id, cursor, limit)
        ids = {one.post_id for one in found.items} | ({article_id} if article_id else set())
        live = await upstreams.posts.live_posts(sorted(ids))
    except ServiceDown as exc:
        raise UNAVAILABLE[exc.service] from exc
    shows(*(f"post:{one.post_id}" for one in found.items))
    return _composed(found, live, article_id)


async def shown_counts(upstreams: Upstreams, article_ids: Sequence[str]) -> Mapping[str, int]:
    """Live comments by article, of those that are live and show their threads. Raises CommentsUnavailable."""
    shows(*(f"count:{article_id}" for article_id in article_ids))
    try:
        return await upstreams.comments.shown_counts(article_ids)
    except ServiceDown as exc:
        raise UNAVAILABLE[exc.service] from exc


def _composed(found: NewestComments, live: LivePosts, article_id: str | None) -> BlogComments:
    """Posts have the last word on what is live: the comments service may know it a moment later."""
    articles = {one.id: _article(one, live.blog) for one in live.items}
    shown = {one.id for one in live.items if one.comment_policy != "hidden"}
    items = [_comment(one, articles[one.post_id]) for one in found.items if one.post_id in shown]
    is_over = article_id is not None and article_id not in shown
    comments = NewestCommentList(items=items, next_cursor=None if is_over else found.next_cursor)
    return BlogComments(live.blog, articles.get(article_id or ""), comments)


def _article(found: Target, blog: Blog) -> CommentedArticle:
    return CommentedArticle(id=found.id, path=found.path, url=absolute(found.path, blog.public_url), title=found.title)


def _comment(found: FoundComment, article: CommentedArticle) -> NewestComment:
    comment = composed_comment(found.comment)
    return NewestComment(comment=comment, article=article, url=f"{article.url}?showComment={comment.id}#c{comment.id}")
