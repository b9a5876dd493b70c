"""Reads the files of comment systems into neutral comments, whose posts are known by their addresses."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from services.migration.comment_files.disqus import DisqusExport
from services.migration.comment_files.isso import IssoExport
from services.migration.comment_files.ndjson import NdjsonExport
from services.migration.comment_files.not_comments import NotACommentFile
from services.migration.comment_files.remark42 import Remark42Export
from services.migration.comment_formats import Format
from services.migration.records import CommentExport

__all__ = ["Format", "NotACommentFile", "open_comments"]


_READERS: Final[Mapping[Format, Callable[[Path, str | None], CommentExport]]] = {
    Format.ISSO: IssoExport,
    Format.REMARK42: Remark42Export,
    Format.DISQUS: DisqusExport,
    Format.NDJSON: NdjsonExport,
}


def open_comments(file: Path, form: Format, source: str | None = None) -> CommentExport:
    """`source` names the file's system where the name that the format gives it does not do.

    Raises NotACommentFile when the file is anything else.
    """
    return _READERS[form](file, source)
