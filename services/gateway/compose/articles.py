"""Composes article pages and lists, and decides what may be missing from them.

Posts cannot be missing. Without comments a page says so, and counts are absent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from msgspec import Struct

from services.common.problems import NotFound
from services.common.urls import absolute
from services.gateway.cache.gathering import lacks_something, shows
from services.gateway.clients.models import Article, Blog, Listed, Moved, Picked, Related, Thread, ThreadComment
from services.gateway.clients.models import Author as FoundAuthor
from services.gateway.compose.asked import AskedThread, ThreadView
from services.gateway.compose.links import neighbour
from services.gateway.compose.model import ArticleList, ArticlePage, Author, Fragment, ListedArticle
from services.gateway.compose.related import countable_ids, related_links, shown_related
from services.gateway.compose.thread import composed_in_thread, composed_thread
from services.gateway.compose.words import date_header
from services.gateway.errors import InvalidCommentsCursor, PassedOn, PostsUnavailable, ServiceDown
from services.gateway.settings import GatewaySettings
from services.gateway.upstreams import Upstreams

MAX_PATH_BYTES: Final = 1024
"""No article has a longer path, so none is asked for."""
_FROM_THE_BEGINNING: Final = AskedThread()


class BlogArticle(Struct, frozen=True):
    """A composed page with the blog around it. Comments and related links are as they were found: pages for readers
    show them without having them composed one by one.
    """

    blog: Blog
    page: ArticlePage
    thread: ThreadView
    comments: Sequence[ThreadComment]
    related: list[Picked | Related]
    counts: Mapping[str, int]

    def whole_page(self) -> ArticlePage:
        """For programs."""
        thread = replace(self.page.comments, items=[composed_in_thread(one) for one in self.comments])
        related = related_links(self.related, self.counts, self.blog.public_url)
        return replace(self.page, comments=thread, related=related)


class BlogList(Struct, frozen=True):
    blog: Blog
    articles: ArticleList


class Composer(Struct, frozen=True):
    upstreams: Upstreams
    settings: GatewaySettings

    async def by_path(self, path: str, asked: AskedThread = _FROM_THE_BEGINNING) -> BlogArticle | Moved:
        """Raises NotFound, PassedOn (404) and PostsUnavailable."""
        if len(path.encode()) > MAX_PATH_BYTES:
            raise NotFound
        try:
            found = await self.upstreams.posts.article_by_path(path, self.settings.related_shown)
        except ServiceDown as exc:
            raise PostsUnavailable from exc
        return found if isinstance(found, Moved) else await self._page(found, asked)

    async def by_id(self, article_id: str, asked: AskedThread = _FROM_THE_BEGINNING) -> BlogArticle:
        """Raises PassedOn (404) and PostsUnavailable."""
        try:
            found = await self.upstreams.posts.article_by_id(article_id, self.settings.related_shown)
        except ServiceDown as exc:
            raise PostsUnavailable from exc
        return await self._page(found, asked)

    async def listed(self, params: Mapping[str, Any]) -> BlogList:
        """The live posts that the parameters name. Raises PassedOn (422) and PostsUnavailable."""
        try:
            found = await self.upstreams.posts.articles(params)
        except ServiceDown as exc:
            raise PostsUnavailable from exc
        _shows_list(found.items, params.get("label"))
        counts = await self._counts([item.id for item in found.items if item.comment_policy != "hidden"])
        items = [_listed(item, found.blog, counts) for item in found.items]
        articles = ArticleList(items=items, next_cursor=found.next_cursor, previous_cursor=found.previous_cursor)
        return BlogList(found.blog, articles)

    async def _page(self, article: Article, asked: AskedThread) -> BlogArticle:
        shown = shown_related(article, self.settings.related_shown)
        _shows_article(article, [link.target.id for link in shown if link.target is not None])
        thread = await self._thread(article, asked, countable_ids(shown))
        public_url = article.blog.public_url
        page = ArticlePage(
            id=article.id,
            path=article.path,
            url=absolute(article.path, public_url),
            title=article.title,
            date_header=date_header(article.published, article.blog) if article.kind == "post" else None,
            published=article.published,
            updated=article.updated,
            author=_author(article.author),
            labels=article.labels,
            body_html=article.body_html,
            excerpt=article.excerpt,
            related=[],
            comments=composed_thread(thread, article.comment_policy, article.blog),
            previous=neighbour(article.previous, public_url),
            next=neighbour(article.next, public_url),
        )
        cursor = asked.cursor if thread is None else thread.cursor
        view = ThreadView(cursor, asked.order, self.settings.comments_depth)
        comments = [] if thread is None or article.comment_policy == "hidden" else thread.items
        return BlogArticle(article.blog, page, view, comments, shown, thread.counts if thread else {})

    async def _thread(self, article: Article, asked: AskedThread, count_of: Sequence[str]) -> Thread | None:
        try:
            return await self.upstreams.comments.thread(
                article.id,
                article.version,
                asked.cursor,
                self.settings.comments_per_page,
                count_of,
                order=asked.order or self.settings.comments_order,
                show=asked.show,
            )
        except ServiceDown:
            lacks_something()
            return None
        except PassedOn as exc:
            raise InvalidCommentsCursor from exc

    async def _counts(self, article_ids: Sequence[str]) -> Mapping[str, int]:
        if not article_ids:
            return {}
        try:
            return await self.upstreams.comments.counts(article_ids)
        except ServiceDown:
            lacks_something()
            return {}


def _shows_article(article: Article, linked: Sequence[str]) -> None:
    shows(f"post:{article.id}", f"page:{article.id}", f"thread:{article.id}")
    shows(*(f"name:{name}" for name in article.labels))
    shows(*(f"post:{post_id}" for post_id in linked), *(f"count:{post_id}" for post_id in linked))
    if article.author is not None:
        shows(f"author:{article.author.id}")


def _shows_list(items: Sequence[Listed], label: str | None) -> None:
    """Which posts a label has only changes with that label; who finds nothing may have asked for another."""
    shows(*(["list"] if label is None or not items else []), *([f"label:{label}"] if label else []))
    for item in items:
        shows(f"post:{item.id}", f"count:{item.id}", *(f"name:{name}" for name in item.labels))
        if item.author is not None:
            shows(f"author:{item.author.id}")


def _listed(item: Listed, blog: Blog, counts: Mapping[str, int]) -> ListedArticle:
    return ListedArticle(
        id=item.id,
        path=item.path,
        url=absolute(item.path, blog.public_url),
        title=item.title,
        date_header=date_header(item.published, blog),
        published=item.published,
        updated=item.updated,
        author=_author(item.author),
        labels=item.labels,
        excerpt=item.excerpt,
        comment_count=counts.get(item.id),
        body_html=item.body_html,
        snippet=None
        if item.snippet is None
        else [Fragment(text=one.text, is_match=one.is_match) for one in item.snippet],
    )


def _author(found: FoundAuthor | None) -> Author | None:
    return None if found is None else Author(id=found.id, name=found.name, url=found.url)
