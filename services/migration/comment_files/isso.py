"""Reads Isso's database, an SQLite file with tables of threads and comments, without writing to it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from services.common.text import drop_unstorable
from services.migration.comment_files.not_comments import NotACommentFile, UnreadableError
from services.migration.comment_files.values import emptied_if_deleted, id_of, name_of, required_id, url_of
from services.migration.records import CommentRecord, CommentState, Skipped
from services.migration.times import time_of_seconds

_EXPECTED: Final = "a database of Isso"
_NEEDED: Final = ("id", "tid", "parent", "created", "mode", "text")
_MODES: Final[dict[object, CommentState]] = {1: "live", 2: "held", 4: "deleted"}
_BROKEN: Final = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite says of a file is no text either when it quotes names that are none."""
_HTML: Final = re.compile(r"\s*<p[\s>].*</p>\s*", re.DOTALL | re.IGNORECASE)
"""A text that Isso took over from Disqus or WordPress: it is HTML already, where people write Markdown."""


class IssoExport:
    not_kept = (
        "votes, subscriptions, e-mail and IP addresses; texts are Markdown, of which links, code and quotes are "
        "rendered and all else stands as it was written"
    )
    keeps_bare_places = False

    def __init__(self, file: Path, source: str | None) -> None:
        self._file = file
        self.source = source or "isso"
        try:
            with closing(_opened(file)) as database:
                _require_tables(database)
        except _BROKEN as exc:
            raise NotACommentFile(_EXPECTED, f"a file that SQLite does not open ({exc})") from exc

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]:
        with closing(_opened(self._file)) as database:
            try:
                for row in _rows(database):
                    try:
                        yield emptied_if_deleted(_record(row, skipped))
                    except UnreadableError as reason:
                        skipped.append(Skipped("comment", id_of(row["id"]) or "", str(reason)))
            except _BROKEN as exc:
                damage = f"the file is damaged ({exc}); what came after is missing"
                skipped.append(Skipped("file", self._file.name, damage))


def _opened(file: Path) -> sqlite3.Connection:
    """A file may come from anywhere: nothing that its schema says is trusted, and text need not be UTF-8."""
    database = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    return database


def _require_tables(database: sqlite3.Connection) -> None:
    """A view or virtual table under these names would be a program, not data."""
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('threads', 'comments') AND rootpage > 0"
    )
    if {row["name"] for row in tables} != {"threads", "comments"}:
        raise NotACommentFile(_EXPECTED, "an SQLite file without its tables threads and comments")
    columns = {column[0] for column in _rows(database).description}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise NotACommentFile(_EXPECTED, f"an SQLite file whose comments have no column {missing[0]}")


def _rows(database: sqlite3.Connection) -> sqlite3.Cursor:
    """Older versions lack columns, so all are asked for."""
    return database.execute(
        "SELECT threads.uri AS thread_uri, comments.* FROM comments LEFT JOIN threads ON threads.id = comments.tid "
        "ORDER BY comments.id"
    )


def _record(row: sqlite3.Row, skipped: list[Skipped]) -> CommentRecord:
    source_id = required_id(row["id"])
    if not (address := _text(row, "thread_uri")):
        raise UnreadableError("its thread is not in the file")
    state = _MODES.get(row["mode"])
    published = _time(row, "created")
    if published is None:
        raise UnreadableError("it has no date")
    if state is None:
        skipped.append(Skipped("comment", source_id, "its mode is not known, so it is held for moderation"))
    body = _text(row, "text")
    return CommentRecord(
        source_id=source_id,
        post_source_id=address,
        parent_source_id=id_of(row["parent"] or None),
        state=state or "held",
        author_name=name_of(_text(row, "author"), source_id, skipped),
        author_url=url_of(_text(row, "website")),
        body=body,
        body_format=_body_format(body),
        published=published,
        edited=_edited(row, source_id, skipped),
    )


def _text(row: sqlite3.Row, name: str) -> str:
    """Empty when there is no such column."""
    value = row[name] if name in row.keys() else None  # noqa: SIM118 a row is asked for its values, not its names
    if value is None:
        return ""
    return drop_unstorable(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def _time(row: sqlite3.Row, name: str) -> datetime | None:
    """Raises UnreadableError."""
    value = row[name] if name in row.keys() else None  # noqa: SIM118 the same
    if value is None:
        return None
    try:
        return time_of_seconds(value)
    except (ValueError, TypeError) as exc:
        raise UnreadableError(f"its date {str(value)[:40]!r} is unreadable") from exc


def _edited(row: sqlite3.Row, source_id: str, skipped: list[Skipped]) -> datetime | None:
    try:
        return _time(row, "modified")
    except UnreadableError:
        skipped.append(Skipped("comment", source_id, "its date of change is unreadable and is left out"))
        return None


def _body_format(body: str) -> Literal["html", "text"]:
    return "html" if _HTML.fullmatch(body) else "text"
