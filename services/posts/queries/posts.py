"""Posts as single rows and as lists."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    RowMapping,
    Select,
    Text,
    bindparam,
    exists,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from services.common.cursors import TimeCursor
from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.related_tables import related_choices
from services.posts.tables import authors, blog, labels, paths, post_labels, posts

Row = Mapping[str, Any]
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
    blog.c.comment_names,
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


_BY_ID = Prepared(lambda _: _live_article(posts.c.id == bindparam("post_id", type_=Int64)))
_OWNER = select(paths.c.post_id).where(paths.c.path == bindparam("path", type_=Text)).scalar_subquery()
_BY_PATH = Prepared(lambda _: _live_article(posts.c.id == _OWNER))


async def live_article_by_id(reads: Reads, post_id: int) -> Row | None:
    return await _BY_ID.first(reads, post_id=post_id)


async def live_article_by_path(reads: Reads, path: str) -> Row | None:
    """The article that has, or once had, this path."""
    return await _BY_PATH.first(reads, path=path)


def place_of(cursor: TimeCursor) -> tuple[ColumnElement[object], ColumnElement[object]]:
    return (
        literal(cursor.at, posts.c.published_at.type),
        literal(cursor.row_id, posts.c.id.type),
    )


def _neighbours(_dialect: str) -> Executable:
    at, post_id = posts.c.published_at, posts.c.id
    own = tuple_(bindparam("at", type_=at.type), bindparam("post_id", type_=post_id.type))
    listed = select(posts.c.title, posts.c.path).where(LIVE, posts.c.kind == "post")
    before = listed.add_columns(literal("previous").label("side")).where(tuple_(at, post_id) < own)
    after = listed.add_columns(literal("next").label("side")).where(tuple_(at, post_id) > own)
    return union_all(
        select(before.order_by(at.desc(), post_id.desc()).limit(1).subquery()),
        select(after.order_by(at, post_id).limit(1).subquery()),
    )


_NEIGHBOURS = Prepared(_neighbours)


async def neighbours(reads: Reads, article: Row) -> Mapping[str, Row]:
    """The live posts just before and after an article, by `previous` and `next`; static pages have none."""
    if article["kind"] != "post":
        return {}
    rows = await _NEIGHBOURS.rows(reads, at=article["published_at"], post_id=article["id"])
    return {row["side"]: row for row in rows}


_LABELS = Prepared(
    lambda dialect: (
        select(post_labels.c.post_id, labels.c.id, labels.c.name, labels.c.live_count)
        .join(labels, labels.c.id == post_labels.c.label_id)
        .where(post_labels.c.post_id.in_(given_numbers(dialect, "post_ids")))
        .order_by(post_labels.c.post_id, post_labels.c.position)
    )
)


async def labels_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[Row]]:
    """Each post's labels (`id`, `name`, `live_count`) in its editor's order."""
    by_post: dict[int, list[Row]] = defaultdict(list)
    for row in await _LABELS.rows(reads, post_ids=as_given(post_ids)):
        by_post[row["post_id"]].append(row)
    return by_post


_TARGET = (posts.c.id, posts.c.path, posts.c.title, posts.c.published_at, posts.c.comment_policy, posts.c.state)
_TARGETS = Prepared(lambda dialect: select(*_TARGET).where(posts.c.id.in_(given_numbers(dialect, "post_ids"))))


async def live_posts_by_ids(reads: Reads, post_ids: Collection[int]) -> Mapping[int, Row]:
    """The state is looked at here: asked for it, SQLite walks through all live posts instead of taking the ids."""
    rows = await _TARGETS.rows(reads, post_ids=as_given(post_ids))
    return {row["id"]: row for row in rows if row["state"] == "live"}


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
