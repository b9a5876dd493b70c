"""Reads single values out of a comment system's file, which may hold anything in any place."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from services.common.text import clean_line, cut_at_word, drop_unstorable
from services.migration.comment_files.not_comments import UnreadableError
from services.migration.records import CommentRecord, Skipped
from services.migration.times import time_of

_MAX_ID_CHARS: Final = 200
_MAX_NAME_CHARS: Final = 200
_MAX_URL_CHARS: Final = 2000
_NOT_IN_SOURCE: Final = re.compile(r"[^A-Za-z0-9_.-]+")


def text_at(found: Mapping[str, Any], name: str) -> str:
    """Empty when there is no text."""
    value = found.get(name)
    return drop_unstorable(value) if isinstance(value, str) else ""


def mapping_at(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def id_of(value: object) -> str | None:
    """An id that an import can carry, always the same for the same value; None when there is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    line = clean_line(drop_unstorable(str(value)))
    return (line if len(line) <= _MAX_ID_CHARS else hashlib.sha256(line.encode()).hexdigest()) or None


def required_id(value: object) -> str:
    """Raises UnreadableError."""
    if (found := id_of(value)) is None:
        raise UnreadableError("it has no id")
    return found


def date_of(text: str) -> datetime:
    """Raises UnreadableError."""
    try:
        return time_of(text)
    except ValueError as exc:
        raise UnreadableError(f"its date {text[:40]!r} is unreadable") from exc


def edited_of(text: str, source_id: str, skipped: list[Skipped]) -> datetime | None:
    """When the comment was changed; a date that is unreadable is left out."""
    try:
        return date_of(text) if text else None
    except UnreadableError:
        skipped.append(Skipped("comment", source_id, "its date of change is unreadable and is left out"))
        return None


def name_of(text: str, source_id: str, skipped: list[Skipped]) -> str | None:
    name = text.strip()
    if len(name) > _MAX_NAME_CHARS:
        reason = f"its author's name is longer than {_MAX_NAME_CHARS} characters and is cut"
        skipped.append(Skipped("comment", source_id, reason))
    return cut_at_word(name, _MAX_NAME_CHARS) or None


def url_of(text: str) -> str | None:
    """None for one that nobody could have meant."""
    return text.strip() or None if len(text) <= _MAX_URL_CHARS else None


def emptied_if_deleted(comment: CommentRecord) -> CommentRecord:
    """Some systems keep what its author or the blog took away; here it ends."""
    if comment.state != "deleted":
        return comment
    return replace(comment, author_name=None, author_url=None, body="")


def source_name(system: str, site: str) -> str:
    """The name under which an import is repeated: the system's, and the site's if the file tells it."""
    site = _NOT_IN_SOURCE.sub("-", site)[:80]
    return f"{system}:{site}" if site else system
