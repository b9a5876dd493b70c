"""A live article with what its page says of it beside related posts: one statement."""

from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
    union_all,
)

from services.common.database import Reads
from services.common.gathered import gathered
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.domain.live_article import LiveArticle, Row
from services.posts.queries.links import TARGET, shown_links
from services.posts.queries.posts import AUTHOR, LISTED, LIVE
from services.posts.related_tables import related_choices
from services.posts.tables import authors, blog, labels, paths, post_labels, posts, related_links

_BLOG: Final = (
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
_LABEL: Final = ("position", "id", "name")
_PICKED: Final = ("position", "headline", "url", "id", "path", "title", "published", "comment_policy")
_NEIGHBOUR: Final = ("side", "title", "path")
_Table = list[list[Any]]
_DECODE: Final = msgspec.json.Decoder(_Table).decode


async def live_article_by_id(reads: Reads, post_id: int) -> LiveArticle | None:
    return _whole(await _BY_ID.first(reads, post_id=post_id))


async def live_article_by_path(reads: Reads, path: str) -> LiveArticle | None:
    """The article that has, or once had, this path."""
    return _whole(await _BY_PATH.first(reads, path=path))


def _whole(row: Row | None) -> LiveArticle | None:
    if row is None:
        return None
    found_labels, found_links, found_neighbours = (_DECODE(row[name]) for name in ("labels", "picked", "neighbours"))
    return LiveArticle(
        row=row,
        labels=[dict(zip(_LABEL, one, strict=True)) for one in sorted(found_labels)],
        picked=[dict(zip(_PICKED, one, strict=True)) for one in sorted(found_links)],
        neighbours={one[0]: dict(zip(_NEIGHBOUR, one, strict=True)) for one in found_neighbours},
    )


def _labels() -> Select[Any]:
    return (
        select(post_labels.c.position, labels.c.id, labels.c.name)
        .join(labels, labels.c.id == post_labels.c.label_id)
        .where(post_labels.c.post_id == posts.c.id)
        .correlate(posts)
    )


def _picked() -> Select[Any]:
    published = type_coerce(TARGET.c.published_at, Int64)
    target = (TARGET.c.id, TARGET.c.path, TARGET.c.title, published, TARGET.c.comment_policy)
    links = shown_links(posts.c.id).add_columns(related_links.c.headline, related_links.c.url, *target)
    return links.correlate(posts)


def _neighbours() -> CompoundSelect[Any]:
    others = posts.alias("others")
    place, own = tuple_(others.c.published_at, others.c.id), tuple_(posts.c.published_at, posts.c.id)
    are_posts = others.c.state == "live", others.c.kind == "post", posts.c.kind == "post"
    listed = select(others.c.title, others.c.path).where(*are_posts).correlate(posts)
    before = listed.where(place < own).order_by(others.c.published_at.desc(), others.c.id.desc())
    after = listed.where(place > own).order_by(others.c.published_at, others.c.id)
    sides = (("previous", before.limit(1).subquery()), ("next", after.limit(1).subquery()))
    return union_all(*(select(literal(side, Text).label("side"), *one.c) for side, one in sides))


def _live_article(condition: ColumnElement[bool], dialect: str) -> Select[Any]:
    several = (
        gathered(dialect, _labels()).label("labels"),
        gathered(dialect, _picked()).label("picked"),
        gathered(dialect, _neighbours()).label("neighbours"),
    )
    return (
        select(*LISTED, posts.c.body_html, *AUTHOR, *_BLOG, *several)
        .join(authors, authors.c.id == posts.c.author_id, isouter=True)
        .join(blog, literal(value=True))
        .join(related_choices, related_choices.c.post_id == posts.c.id, isouter=True)
        .where(LIVE, condition)
    )


_OWNER: Final = select(paths.c.post_id).where(paths.c.path == bindparam("path", type_=Text)).scalar_subquery()
_BY_ID: Final = Prepared(partial(_live_article, posts.c.id == bindparam("post_id", type_=Int64)))
_BY_PATH: Final = Prepared(partial(_live_article, posts.c.id == _OWNER))
