"""How much the job that relates posts still has to do."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import and_, func, select

from services.common.database import Reads
from services.posts.related_tables import related_docs, related_languages, related_owed

SOON: Final = 2


async def related_progress(reads: Reads) -> Mapping[str, int]:
    """Posts: `unread`, `unweighed`, `unlisted`, and `known` in all. Counted, because few ask, after a rebuild."""
    known = select(func.count()).select_from(related_docs)
    outdated = and_(
        related_docs.c.lang == related_languages.c.lang, related_docs.c.generation < related_languages.c.generation
    )
    parts = (
        select(func.count()).select_from(related_owed),
        select(func.count()).select_from(related_docs).join(related_languages, outdated),
        known.where(related_docs.c.wants == SOON),
        known,
    )
    row = (await reads.execute(select(*(part.scalar_subquery() for part in parts)))).one()
    return dict(zip(("unread", "unweighed", "unlisted", "known"), row, strict=True))
