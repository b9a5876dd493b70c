"""Which live posts a post may be related to, at a cost that does not grow with the archive."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select, union_all

from services.common.database import Reads
from services.posts.domain.related import Related, SharedLabel, rank_by_labels
from services.posts.tables import post_labels

CANDIDATES_PER_LABEL: Final = 20
LABELS: Final = 20
"""The rarest of its labels that a post is compared by."""


async def computed_related(reads: Reads, post_id: int, own_labels: Sequence[Mapping[str, Any]]) -> list[Related]:
    """Best first. `own_labels` are the post's rows of `labels_by_post`; each gives its newest live posts."""
    if not own_labels:
        return []
    rarest = sorted(own_labels, key=lambda label: int(label["live_count"]))[:LABELS]
    newest = [
        select(
            select(post_labels.c.post_id, post_labels.c.label_id)
            .where(post_labels.c.label_id == label["id"], post_labels.c.live_at.is_not(None))
            .order_by(post_labels.c.live_at.desc(), post_labels.c.post_id.desc())
            .limit(CANDIDATES_PER_LABEL)
            .subquery()
        )
        for label in rarest
    ]
    by_id = {label["id"]: label for label in rarest}
    rows = (await reads.execute(union_all(*newest))).mappings()
    return rank_by_labels(
        SharedLabel(row["post_id"], by_id[row["label_id"]]["name"], by_id[row["label_id"]]["live_count"])
        for row in rows
        if row["post_id"] != post_id
    )
