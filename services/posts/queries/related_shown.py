"""How far down their lists of computed related posts pages may show them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ScalarSelect, func, literal, select

from services.common.database import Reads
from services.common.given import given_numbers
from services.common.prepared import Prepared
from services.posts.related_tables import related_choices, related_rules
from services.posts.tables import blog, posts


def _forbidden() -> ScalarSelect[int]:
    """Each gives its place to one further down."""
    own = (related_rules.c.post_id == posts.c.id, related_rules.c.rule == "forbid")
    return select(func.count()).select_from(related_rules).where(*own).scalar_subquery()


_SHOWN: Final = Prepared(
    lambda on: (
        select(
            posts.c.id,
            func.coalesce(related_choices.c.shown, blog.c.related_shown).label("shown"),
            func.coalesce(related_choices.c.computed, blog.c.related_computed).label("computed"),
            _forbidden().label("forbidden"),
        )
        .join_from(posts, blog, literal(value=True))
        .join(related_choices, related_choices.c.post_id == posts.c.id, isouter=True)
        .where(posts.c.id.in_(given_numbers(on, "post_ids")))
    )
)


@dataclass(frozen=True, slots=True)
class Shown:
    """`most` is None where neither the post nor the blog says it; those `forbidden` give their places to others."""

    most: int | None
    forbidden: int


async def shown_on_pages(reads: Reads, post_ids: Collection[int]) -> Mapping[int, Shown]:
    """By post; those that show no computed ones are left out."""
    rows = await _SHOWN.rows(reads, post_ids=json.dumps([*post_ids])) if post_ids else []
    return {row["id"]: Shown(row["shown"], row["forbidden"]) for row in rows if row["computed"] == "on"}
