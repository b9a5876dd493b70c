"""Reads a backup of Remark42: a line about users and pages, then a comment a line, usually packed by gzip."""

import html
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from services.migration.comment_files.json_lines import first_object, json_lines
from services.migration.comment_files.not_comments import NotACommentFile, UnreadableError
from services.migration.comment_files.values import (
    date_of,
    edited_of,
    emptied_if_deleted,
    id_of,
    mapping_at,
    name_of,
    required_id,
    source_name,
    text_at,
)
from services.migration.records import CommentRecord, CommentState, Skipped

_EXPECTED: Final = "a backup of Remark42"
_VERSIONS: Final = (0, 1)


class Remark42Export:
    """A user who is blocked was no longer read there, so their comments are held."""

    not_kept = "votes, pins, users' pictures and roles, hashed IP addresses"
    keeps_bare_places = False

    def __init__(self, file: Path, source: str | None) -> None:
        first = first_object(file)
        if first is None or not (_is_head(first) or _is_comment(first)):
            raise NotACommentFile(_EXPECTED, "a file that does not begin with the JSON line of one")
        if first.get("version", 1) not in _VERSIONS:
            raise NotACommentFile(_EXPECTED, f"one of version {str(first['version'])[:20]!r}, which is not known here")
        self._file = file
        self.source = source or source_name("remark42", self._site())

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]:
        blocked: set[str] = set()
        for number, found in json_lines(self._file, skipped):
            if _is_head(found):
                blocked |= _blocked(found)
                continue
            try:
                yield emptied_if_deleted(_record(found, blocked, skipped))
            except UnreadableError as reason:
                skipped.append(Skipped("comment", id_of(found.get("id")) or f"line {number}", str(reason)))

    def _site(self) -> str:
        comments = (found for _, found in json_lines(self._file, []) if _is_comment(found))
        return text_at(mapping_at(next(comments, {}), "locator"), "site")


def _is_head(found: Mapping[str, Any]) -> bool:
    return "locator" not in found and bool({"version", "users", "posts"} & found.keys())


def _is_comment(found: Mapping[str, Any]) -> bool:
    return isinstance(found.get("locator"), dict)


def _blocked(head: Mapping[str, Any]) -> set[str]:
    users = head.get("users")
    known = [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    return {text_at(user, "id") for user in known if mapping_at(user, "blocked").get("status") is True}


def _record(found: Mapping[str, Any], blocked: set[str], skipped: list[Skipped]) -> CommentRecord:
    source_id = required_id(found.get("id"))
    if not (address := text_at(mapping_at(found, "locator"), "url")):
        raise UnreadableError("it does not say which page it stands under")
    state = _state(found, blocked)
    published = date_of(text_at(found, "time"))
    if state == "held":
        skipped.append(Skipped("comment", source_id, "its author was blocked, so it is held for moderation"))
    body, body_format = _body(found)
    return CommentRecord(
        source_id=source_id,
        post_source_id=address,
        parent_source_id=id_of(found.get("pid")),
        state=state,
        author_name=name_of(html.unescape(text_at(mapping_at(found, "user"), "name")), source_id, skipped),
        author_url=None,
        body=body,
        body_format=body_format,
        published=published,
        edited=edited_of(text_at(mapping_at(found, "edit"), "time"), source_id, skipped),
    )


def _state(found: Mapping[str, Any], blocked: set[str]) -> CommentState:
    if found.get("delete") is True:
        return "deleted"
    user = mapping_at(found, "user")
    return "held" if user.get("block") is True or text_at(user, "id") in blocked else "live"


def _body(found: Mapping[str, Any]) -> tuple[str, Literal["html", "text"]]:
    """The rendered text, which is what readers saw; the Markdown only where that is missing."""
    rendered = text_at(found, "text")
    return (rendered, "html") if rendered.strip() else (text_at(found, "orig"), "text")
