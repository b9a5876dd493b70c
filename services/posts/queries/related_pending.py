"""Whether the job that relates posts has anything to do."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import and_, exists, select

from services.common.database import Reads
from services.common.prepared import Prepared
from services.posts.queries.related_progress import SOON
from services.posts.related_tables import related_docs, related_languages, related_owed, related_state

_OUTDATED: Final = and_(
    related_docs.c.lang == related_languages.c.lang,
    related_docs.c.generation < related_languages.c.generation,
    related_docs.c.post_id.is_not(None),
)
_PENDING: Final = Prepared(
    lambda _: select(
        related_state,
        exists(select(related_owed.c.post_id)).label("is_owed"),
        exists(select(related_docs.c.doc).where(related_docs.c.post_id.is_(None))).label("is_gone"),
        # in one go, SQLite walks through all posts to find that none is
        exists(select(related_languages.c.lang).where(exists(select(related_docs.c.doc).where(_OUTDATED)))).label(
            "is_outdated"
        ),
        exists(
            select(related_docs.c.doc).where(related_docs.c.wants == SOON, related_docs.c.post_id.is_not(None))
        ).label("is_wanted"),
    )
)


async def pending(reads: Reads) -> Mapping[str, Any]:
    """The state, and `is_owed`, `is_gone`, `is_outdated`, `is_wanted`."""
    return (await _PENDING.rows(reads))[0]
