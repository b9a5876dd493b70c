"""Reads Blogger's exports, the classic backup and Google Takeout, into neutral records."""

from datetime import UTC, datetime
from pathlib import Path

from services.migration.blogger.export import BloggerExport
from services.migration.blogger.recognise import NotABloggerExport, recognise
from services.migration.records import Export

__all__ = ["NotABloggerExport", "open_export"]


def open_export(file: Path, host: str | None, *, now: datetime | None = None) -> Export:
    """`host` is the blog's old host, which Takeout does not tell; `now` divides scheduled posts from live ones.

    Raises NotABloggerExport when the file is anything else.
    """
    return BloggerExport(file, recognise(file), host, now or datetime.now(UTC))
