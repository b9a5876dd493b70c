"""All comments in the order of their ids, a page at a time, whatever their states."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import RowMapping, func, select

from services.comments.tables import comments
from services.common.database import Reads

MAX_CHARS: Final = 4_000_000
"""So many characters of texts end a page: imported comments may be twenty times as long as others."""
_EXPORTED = (
    comments.c.id,
    comments.c.post_id,
    comments.c.parent_id,
    comments.c.state,
    comments.c.has_place,
    comments.c.author_name,
    comments.c.author_url,
    comments.c.body_source,
    comments.c.body_format,
    comments.c.published_at,
    comments.c.edited_at,
)


async def export_page(reads: Reads, after: int, limit: int) -> tuple[Sequence[RowMapping], bool]:
    """The comments after an id, up to `limit`, and whether there are more.

    By id, because that is a range of the primary key, however large the archive is.
    """
    sizes = select(comments.c.id, func.length(comments.c.body_source)).where(comments.c.id > after)
    found = (await reads.execute(sizes.order_by(comments.c.id).limit(limit + 1))).all()
    page = _fitting([(row[0], row[1]) for row in found[:limit]])
    if not page:
        return [], False
    rows = select(*_EXPORTED).where(comments.c.id > after, comments.c.id <= page[-1]).order_by(comments.c.id)
    return (await reads.execute(rows)).mappings().all(), len(page) < len(found)


def _fitting(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """The first ids whose texts fit into a page; one at least."""
    ids: list[int] = []
    chars = 0
    for comment_id, size in sizes:
        chars += size
        if ids and chars > MAX_CHARS:
            break
        ids.append(comment_id)
    return ids
