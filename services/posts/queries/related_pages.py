"""The posts whose pages show a post among their related ones as soon as it is live."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select

from services.posts.related_tables import related_docs, related_lists, related_mentions, related_rules
from services.posts.tables import paths


def relating(post_ids: Collection[int], most: int) -> list[Select[Any]]:
    """Those that pin them, whose texts link to them or are linked from theirs, in whose lists they still stand."""
    if not post_ids:
        return []
    rules, mentions, mine, theirs = related_rules.c, related_mentions.c, related_docs.alias(), related_docs.alias()
    to_them = paths.c.post_id.in_(post_ids)
    queries = (
        select(rules.post_id).where(rules.other_id.in_(post_ids), rules.rule == "pin"),
        select(mentions.post_id).join_from(paths, related_mentions, mentions.path == paths.c.path).where(to_them),
        select(paths.c.post_id)
        .join(related_mentions, mentions.path == paths.c.path)
        .where(mentions.post_id.in_(post_ids)),
        select(theirs.c.post_id)
        .join_from(mine, related_lists, related_lists.c.other == mine.c.doc)
        .join(theirs, theirs.c.doc == related_lists.c.doc)
        .where(mine.c.post_id.in_(post_ids), theirs.c.post_id.is_not(None)),
    )
    return [select(query.limit(most).subquery()) for query in queries]
