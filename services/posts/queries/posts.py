"""Posts as single rows and as lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, RowMapping, Select, exists, func, literal, select, tuple_, union_all

from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.posts.related_tables import related_choices
from services.posts.tables import authors, blog, labels, paths, post_labels, posts

LIVE = posts.c.state == "live"
AUTHOR = (authors.c.name.label("author_name"), authors.c.url.label("author_url"))
_BLOG = (
    blog.c.title.label("blog_title"),
    blog.c.description.label("blog_description"),
    blog.c.locale,
    blog.c.time_zone,
    blog.c.posts_per_page,
    blog.c.public_url.label("blog_public_url"),
    blog.c.meta_description,
    blog.c.comment_votes,
    func.coalesce(related_choices.c.computed, blog.c.related_computed).label("related_computed"),
    func.coalesce(related_choices.c.shown, blog.c.related_shown).label("related_shown"),
)
LISTED = (
    posts.c.id,
    posts.c.kind,
    posts.c.state,
    posts.c.version,
    posts.c.created_at,
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
        select(*LISTED, posts.c.body_html, *AUTHOR, *_BLOG)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .join(blog, literal(value=True))
        .join(related_choices, related_choices.c.post_id == posts.c.id, isouter=True)
        .where(LIVE, condition)
    )


async def live_article_by_id(reads: Reads, post_id: int) -> RowMapping | None:
    return (await reads.execute(_live_article(posts.c.id == post_id))).mappings().one_or_none()


async def live_article_by_path(reads: Reads, path: str) -> RowMapping | None:
    """The article that has, or once had, this path."""
    owner = select(paths.c.post_id).where(paths.c.path == path).scalar_subquery()
    return (await reads.execute(_live_article(posts.c.id == owner))).mappings().one_or_none()


def place_of(cursor: TimeCursor) -> tuple[ColumnElement[object], ColumnElement[object]]:
    return (
        literal(cursor.at, posts.c.published_at.type),
        literal(cursor.row_id, posts.c.id.type),
    )


async def neighbours(reads: Reads, article: RowMapping) -> Mapping[str, RowMapping]:
    """The live posts just before and after an article, by `previous` and `next`; static pages have none."""
    if article["kind"] != "post":
        return {}
    at, post_id = posts.c.published_at, posts.c.id
    own = tuple_(*place_of(TimeCursor(article["published_at"], article["id"])))
    listed = select(posts.c.title, posts.c.path).where(LIVE, posts.c.kind == "post")
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


async def live_posts_by_ids(reads: Reads, post_ids: Collection[int]) -> Mapping[int, RowMapping]:
    """The state is looked at here: asked for it, SQLite walks through all live posts instead of taking the ids."""
    columns = (posts.c.id, posts.c.path, posts.c.title, posts.c.published_at, posts.c.comment_policy, posts.c.state)
    rows = await reads.execute(select(*columns).where(posts.c.id.in_(post_ids)))
    return {row["id"]: row for row in rows.mappings() if row["state"] == "live"}


async def post_by_id(reads: Reads, post_id: int) -> RowMapping | None:
    """A post in whatever state, with its author's name and URL, and the blog's public URL if it has one of its own."""
    query = (
        select(posts, *AUTHOR, blog.c.public_url)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .join(blog, literal(value=True))
    )
    return (await reads.execute(query.where(posts.c.id == post_id))).mappings().one_or_none()


async def post_exists(reads: Reads, post_id: int) -> bool:
    return bool((await reads.execute(select(exists().where(posts.c.id == post_id)))).scalar())
