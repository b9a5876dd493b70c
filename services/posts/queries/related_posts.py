"""Posts as the job that relates them reads them."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import select

from services.common.database import Reads
from services.common.given import given_numbers
from services.common.prepared import Prepared
from services.posts.related_tables import related_mentions
from services.posts.tables import post_labels, posts

_COLUMNS: Final = (posts.c.id, posts.c.kind, posts.c.state, posts.c.title, posts.c.body_html, posts.c.published_at)
_POSTS: Final = Prepared(lambda on: select(*_COLUMNS).where(posts.c.id.in_(given_numbers(on, "post_ids"))))
_LABELS: Final = Prepared(
    lambda on: select(post_labels.c.post_id, post_labels.c.label_id).where(
        post_labels.c.post_id.in_(given_numbers(on, "post_ids"))
    )
)
_MENTIONS: Final = Prepared(
    lambda on: (
        select(related_mentions.c.post_id, related_mentions.c.path)
        .where(related_mentions.c.post_id.in_(given_numbers(on, "post_ids")))
        .order_by(related_mentions.c.post_id, related_mentions.c.position)
    )
)


async def posts_to_read(reads: Reads, post_ids: Collection[int]) -> Mapping[int, Mapping[str, Any]]:
    """Those that are live, without static pages."""
    rows = await _POSTS.rows(reads, post_ids=json.dumps([*post_ids]))
    return {row["id"]: row for row in rows if (row["state"], row["kind"]) == ("live", "post")}


async def label_ids_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[int]]:
    found = defaultdict[int, list[int]](list)
    for row in await _LABELS.rows(reads, post_ids=json.dumps([*post_ids])):
        found[row["post_id"]].append(row["label_id"])
    return found


async def mentions_by_post(reads: Reads, post_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Paths of the blog that texts link to, in their order."""
    found = defaultdict[int, list[str]](list)
    for row in await _MENTIONS.rows(reads, post_ids=json.dumps([*post_ids])):
        found[row["post_id"]].append(row["path"])
    return found
