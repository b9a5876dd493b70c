"""What pages show of computed related posts, and what stands before those."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Integer, bindparam, cast, exists, func, literal, or_, select

from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.domain.related.told import Kind
from services.posts.queries.links import TARGET, shown_links
from services.posts.queries.related_lists import told_before_computed
from services.posts.related_tables import (
    related_choices,
    related_docs,
    related_mentions,
    related_owed,
    related_rules,
)
from services.posts.tables import blog, paths, posts, related_links

_POST_ID: Final = bindparam("post_id", type_=Int64)


def _has_others() -> ColumnElement[bool]:
    """Anything that stands before computed ones, or forbids them: few posts have."""
    linking = select(paths.c.path).join(related_mentions, related_mentions.c.path == paths.c.path)
    return or_(
        exists().where(related_links.c.post_id == posts.c.id),
        exists().where(related_rules.c.post_id == posts.c.id),
        exists().where(related_mentions.c.post_id == posts.c.id),
        linking.where(paths.c.post_id == posts.c.id).exists(),
    )


_PAGES: Final = Prepared(
    lambda on: (
        select(
            posts.c.id,
            posts.c.state,
            func.coalesce(related_choices.c.shown, blog.c.related_shown).label("shown"),
            func.coalesce(related_choices.c.computed, blog.c.related_computed).label("computed"),
            cast(_has_others(), Integer).label("has_others"),
        )
        .join_from(posts, blog, literal(value=True))
        .join(related_choices, related_choices.c.post_id == posts.c.id, isouter=True)
        .where(posts.c.id.in_(given_numbers(on, "post_ids")))
    )
)
_IS_LIVE: Final = exists().where(posts.c.id == related_docs.c.post_id, posts.c.state == "live", posts.c.kind == "post")
_IS_OWED: Final = exists().where(related_owed.c.post_id == related_docs.c.post_id)
_BEHIND: Final = Prepared(
    lambda on: select(related_docs.c.doc, related_docs.c.post_id).where(
        related_docs.c.doc.in_(given_numbers(on, "docs")),
        related_docs.c.post_id.is_not(None),
        # no longer live, and the job did not hear of it yet: spares a look at each of the others
        or_(~_IS_OWED, _IS_LIVE),
    )
)
_PICKED: Final = Prepared(lambda _: shown_links(_POST_ID).add_columns(TARGET.c.id))
_FORBIDDEN: Final = Prepared(
    lambda _: select(related_rules.c.other_id).where(
        related_rules.c.post_id == _POST_ID, related_rules.c.rule == "forbid"
    )
)


class RelatedPart(Struct, frozen=True):
    """Of the page of a post: how many related links it shows, picked ones included, or None where neither the post nor
    the blog says it; and whether other links than computed ones are among them, or some of those are forbidden.
    """

    most: int | None
    has_others: bool


class BeforeComputed(Struct, frozen=True):
    """How many picked links a page shows first, the posts that are `told` after them, each with its kind, and all posts
    that it does not show as computed ones.
    """

    picked: int = 0
    told: Sequence[tuple[int, Kind]] = ()
    left_out: frozenset[int] = frozenset()

    @property
    def links(self) -> int:
        return self.picked + len(self.told)


async def computed_on_pages(reads: Reads, post_ids: Collection[int]) -> Mapping[int, RelatedPart]:
    """By post; those that are not live, or show no computed ones, are left out."""
    rows = await _PAGES.rows(reads, post_ids=as_given(post_ids)) if post_ids else []
    return {
        row["id"]: RelatedPart(row["shown"], bool(row["has_others"]))
        for row in rows
        if row["state"] == "live" and row["computed"] == "on"
    }


async def live_posts_of(reads: Reads, docs: Collection[int]) -> Mapping[int, int]:
    """By doc."""
    rows = await _BEHIND.rows(reads, docs=as_given(docs)) if docs else []
    return {row["doc"]: row["post_id"] for row in rows}


async def before_computed(reads: Reads, post_id: int) -> BeforeComputed:
    picked = [row["id"] for row in await _PICKED.rows(reads, post_id=post_id)]
    told = [one for one in (await told_before_computed(reads, post_id)).items() if one[0] not in picked]
    forbidden = [row["other_id"] for row in await _FORBIDDEN.rows(reads, post_id=post_id)]
    left_out = {post_id, *picked, *(one for one, _ in told), *forbidden}
    return BeforeComputed(len(picked), told, frozenset(left_out - {None}))
