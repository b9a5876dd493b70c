"""What pages show of computed related posts, and what stands before those."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, literal, select

from services.common.database import Reads
from services.common.given import as_given, given_numbers
from services.common.prepared import Prepared
from services.common.sqltypes import Int64
from services.posts.queries.links import TARGET, shown_links
from services.posts.queries.related_lists import told_before_computed
from services.posts.related_tables import related_choices, related_docs, related_rules
from services.posts.tables import blog, posts

_POST_ID: Final = bindparam("post_id", type_=Int64)
_MOST: Final = Prepared(
    lambda on: (
        select(
            posts.c.id,
            posts.c.state,
            func.coalesce(related_choices.c.shown, blog.c.related_shown).label("shown"),
            func.coalesce(related_choices.c.computed, blog.c.related_computed).label("computed"),
        )
        .join_from(posts, blog, literal(value=True))
        .join(related_choices, related_choices.c.post_id == posts.c.id, isouter=True)
        .where(posts.c.id.in_(given_numbers(on, "post_ids")))
    )
)
_BEHIND: Final = Prepared(
    lambda on: (
        select(related_docs.c.doc, posts.c.id, posts.c.state, posts.c.kind)
        .join(posts, posts.c.id == related_docs.c.post_id)
        .where(related_docs.c.doc.in_(given_numbers(on, "docs")))
    )
)
_PICKED: Final = Prepared(lambda _: shown_links(_POST_ID).add_columns(TARGET.c.id))
_FORBIDDEN: Final = Prepared(
    lambda _: select(related_rules.c.other_id).where(
        related_rules.c.post_id == _POST_ID, related_rules.c.rule == "forbid"
    )
)


@dataclass(frozen=True, slots=True)
class BeforeComputed:
    """How many links a page shows first, and the posts that it does not show as computed ones."""

    links: int
    left_out: frozenset[int]


async def computed_on_pages(reads: Reads, post_ids: Collection[int]) -> Mapping[int, int | None]:
    """How many related links the page of a post shows, picked ones included; None where neither the post nor the blog
    says it. Posts that are not live, or show no computed ones, are left out.
    """
    rows = await _MOST.rows(reads, post_ids=as_given(post_ids)) if post_ids else []
    return {row["id"]: row["shown"] for row in rows if row["state"] == "live" and row["computed"] == "on"}


async def live_posts_of(reads: Reads, docs: Collection[int]) -> Mapping[int, int]:
    """By doc."""
    rows = await _BEHIND.rows(reads, docs=as_given(docs)) if docs else []
    return {row["doc"]: row["id"] for row in rows if row["state"] == "live" and row["kind"] == "post"}


async def before_computed(reads: Reads, post_id: int) -> BeforeComputed:
    picked = [row["id"] for row in await _PICKED.rows(reads, post_id=post_id)]
    told = await told_before_computed(reads, post_id)
    forbidden = {row["other_id"] for row in await _FORBIDDEN.rows(reads, post_id=post_id)}
    links = len(picked) + len(told - {*picked})
    return BeforeComputed(links, frozenset({post_id, *told, *forbidden, *(one for one in picked if one is not None)}))
