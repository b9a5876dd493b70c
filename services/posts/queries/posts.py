"""Posts as single rows and as lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, RowMapping, Select, and_, bindparam, literal, or_, select, tuple_, union_all

from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.posts.tables import authors, blog, labels, paths, post_labels, posts, related_links

_LIVE = posts.c.state == "live"
_AUTHOR = (authors.c.name.label("author_name"), authors.c.url.label("author_url"))
_BLOG = (
    blog.c.title.label("blog_title"),
    blog.c.description.label("blog_description"),
    blog.c.locale,
    blog.c.time_zone,
    blog.c.posts_per_page,
)
_LISTED = (
    posts.c.id,
    posts.c.kind,
    posts.c.path,
    posts.c.title,
    posts.c.published_at,
    posts.c.updated_at,
    posts.c.author_id,
    posts.c.excerpt,
    posts.c.comment_policy,
)


def _live_article(condition: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    return (
        select(*_LISTED, posts.c.body_html, *_AUTHOR, *_BLOG)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .join(blog, literal(value=True))
        .where(_LIVE, condition)
    )


async def live_article_by_id(reads: Reads, post_id: int) -> RowMapping | None:
    return (await reads.execute(_live_article(posts.c.id == post_id))).mappings().one_or_none()


async def live_article_by_path(reads: Reads, path: str) -> RowMapping | None:
    """The article that has, or once had, this path."""
    owner = select(paths.c.post_id).where(paths.c.path == path).scalar_subquery()
    return (await reads.execute(_live_article(posts.c.id == owner))).mappings().one_or_none()


async def live_posts_page(reads: Reads, cursor: TimeCursor | None, limit: int) -> Sequence[RowMapping]:
    """Newest first, one row more than the limit when there are more."""
    newest_first = (
        select(*_LISTED, *_AUTHOR)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .where(_LIVE, posts.c.kind == "post")
        .order_by(posts.c.published_at.desc(), posts.c.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        place = tuple_(posts.c.published_at, posts.c.id)
        newest_first = newest_first.where(place < tuple_(*_place(cursor)))
    return (await reads.execute(newest_first)).mappings().all()


def _place(cursor: TimeCursor) -> tuple[ColumnElement[object], ColumnElement[object]]:
    return (
        literal(cursor.at, posts.c.published_at.type),
        literal(cursor.row_id, posts.c.id.type),
    )


async def neighbours(reads: Reads, article: RowMapping) -> Mapping[str, RowMapping]:
    """The live posts just before and after an article, by `previous` and `next`; static pages have none."""
    if article["kind"] != "post":
        return {}
    at, post_id = posts.c.published_at, posts.c.id
    own = tuple_(*_place(TimeCursor(article["published_at"], article["id"])))
    listed = select(posts.c.title, posts.c.path).where(_LIVE, posts.c.kind == "post")
    before = listed.add_columns(literal("previous").label("side")).where(tuple_(at, post_id) < own)
    after = listed.add_columns(literal("next").label("side")).where(tuple_(at, post_id) > own)
    both = union_all(
        select(before.order_by(at.desc(), post_id.desc()).limit(1).subquery()),
        select(after.order_by(at, post_id).limit(1).subquery()),
    )
    return {row["side"]: row for row in (await reads.execute(both)).mappings()}


async def labels_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[RowMapping]]:
    """Each post's labels (`id`, `name`, `live_count`) in its editor's order."""
    by_post: dict[int, list[RowMapping]] = defaultdict(list)
    rows = await reads.execute(
        select(post_labels.c.post_id, labels.c.id, labels.c.name, labels.c.live_count)
        .join(labels, labels.c.id == post_labels.c.label_id)
        .where(post_labels.c.post_id.in_(post_ids))
        .order_by(post_labels.c.post_id, post_labels.c.position)
    )
    for row in rows.mappings():
        by_post[row["post_id"]].append(row)
    return by_post


async def picked_links(reads: Reads, post_id: int) -> Sequence[RowMapping]:
    """A post's picked links in order: to the outside, to paths that no post has, and to live posts.

    A link to a post that is not live is left out, so that nothing tells of it.
    """
    rows = await reads.execute(
        select(
            related_links.c.headline,
            related_links.c.url,
            posts.c.id,
            posts.c.path,
            posts.c.title,
            posts.c.published_at,
            posts.c.comment_policy,
        )
        .join(paths, paths.c.path == related_links.c.target_path, isouter=True)
        .join(posts, posts.c.id == paths.c.post_id, isouter=True)
        .where(related_links.c.post_id == post_id, or_(posts.c.id.is_(None), and_(_LIVE, posts.c.id != post_id)))
        .order_by(related_links.c.position)
    )
    return rows.mappings().all()


async def live_posts_by_ids(reads: Reads, post_ids: Collection[int]) -> Mapping[int, RowMapping]:
    rows = await reads.execute(
        select(posts.c.id, posts.c.path, posts.c.title, posts.c.published_at, posts.c.comment_policy).where(
            _LIVE, posts.c.id.in_(post_ids)
        )
    )
    return {row["id"]: row for row in rows.mappings()}


async def own_links(reads: Reads, post_id: int) -> Sequence[RowMapping]:
    """A post's picked links as its editor wrote them."""
    rows = await reads.execute(
        select(related_links.c.headline, related_links.c.url)
        .where(related_links.c.post_id == bindparam("post_id", post_id))
        .order_by(related_links.c.position)
    )
    return rows.mappings().all()


async def post_by_id(reads: Reads, post_id: int) -> RowMapping | None:
    """A post in whatever state."""
    return (await reads.execute(select(posts).where(posts.c.id == post_id))).mappings().one_or_none()
