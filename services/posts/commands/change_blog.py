"""Changes the blog's settings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, update

from services.common.changes import Change, append_changes
from services.common.database import Writes
from services.posts.commands.archive import count_archive
from services.posts.commands.match import require_match
from services.posts.domain.etags import etag_of
from services.posts.queries.blog import the_blog_to_change
from services.posts.schemas.blog import BlogPatch
from services.posts.tables import blog, changes


async def change_blog(writes: Writes, if_match: str | None, patch: BlogPatch, now: datetime) -> None:
    """A new zone moves dates and the archive's months; permalinks stay. Raises PreconditionRequired and -Failed."""
    held = await the_blog_to_change(writes)
    require_match(if_match, etag_of(held["version"]))
    await save_settings(writes, held, patch.model_dump(exclude_unset=True), now)


async def save_settings(writes: Writes, held: RowMapping, given: Mapping[str, Any], now: datetime) -> None:
    """`held` is the blog as it is, locked. Settings that are the same afterwards are left as they are."""
    values = {name: value for name, value in given.items() if held[name] != value}
    if not values:
        return
    version = held["version"] + 1
    await writes.execute(update(blog).values(**values, version=version, updated_at=now))
    if "time_zone" in values:
        await count_archive(writes, ZoneInfo(values["time_zone"]))
    await append_changes(writes, changes, [Change("blog.changed", held["id"], version, ("blog",))], now)
