"""Sets the blog up from an export."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from services.common.database import Writes
from services.common.text import cut_at_word
from services.posts.commands.change_blog import save_settings
from services.posts.domain.imported import line_of
from services.posts.queries.blog import the_blog_to_change
from services.posts.schemas.imports import BlogImportedOut, ImportedBlog

_MAX_CHARS: Final = 500


async def import_blog(writes: Writes, given: ImportedBlog, now: datetime) -> BlogImportedOut:
    """Does nothing to a blog that somebody has set up already, nor when nothing is given."""
    lines = {name: line_of(value) for name, value in given.model_dump(exclude_none=True).items()}
    values = {name: cut_at_word(line, _MAX_CHARS) for name, line in lines.items() if line}
    notes = []
    if not _is_zone(values.get("time_zone", "UTC")):
        del values["time_zone"]
        notes.append("its time zone is not known here; set the blog's own")
    if not values:
        return BlogImportedOut(outcome="unchanged", notes=notes)
    held = await the_blog_to_change(writes)
    if held["updated_at"] is not None:
        return BlogImportedOut(outcome="unchanged", notes=notes)
    await save_settings(writes, held, values, now)
    return BlogImportedOut(outcome="set", notes=notes)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
