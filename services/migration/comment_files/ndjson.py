"""Reads Dateline's own format for comments: a JSON object a line, described in docs/comments.md."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

from services.common.ids import parse_id
from services.migration.addresses import address_of_post
from services.migration.comment_files.json_lines import first_object, json_lines
from services.migration.comment_files.not_comments import NotACommentFile, UnreadableError
from services.migration.comment_files.values import (
    date_of,
    edited_of,
    emptied_if_deleted,
    id_of,
    name_of,
    required_id,
    text_at,
    url_of,
)
from services.migration.records import CommentRecord, CommentState, Skipped

MEMBERS: Final = frozenset(
    "id post_path post_id parent_id state author_name author_url body body_format published edited has_place".split()
)
_STATES: Final[Mapping[object, CommentState]] = {state: state for state in get_args(CommentState)}
_FORMATS: Final[Mapping[object, Literal["html", "text"]]] = {"html": "html", "text": "text", None: "text"}


class NdjsonExport:
    not_kept = "whatever the format has no member for, e-mail and IP addresses above all"
    keeps_bare_places = True

    def __init__(self, file: Path, source: str | None) -> None:
        if (first_object(file) or {}).keys().isdisjoint({"post_path", "post_id"}):
            raise NotACommentFile("comments as JSON, one object a line", "a file whose first line is no such comment")
        self._file = file
        self.source = source or "ndjson"

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]:
        for number, found in json_lines(self._file, skipped):
            try:
                yield emptied_if_deleted(_record(found, skipped))
            except UnreadableError as reason:
                skipped.append(Skipped("comment", id_of(found.get("id")) or f"line {number}", str(reason)))


def _record(found: Mapping[str, Any], skipped: list[Skipped]) -> CommentRecord:
    source_id = required_id(found.get("id"))
    published = date_of(text_at(found, "published"))
    body_format = _body_format(found)
    state = _state(found, source_id, skipped)
    address = _address(found)
    if not MEMBERS.issuperset(found):
        skipped.append(Skipped("comment", source_id, "it has members that the format does not know; they are left out"))
    return CommentRecord(
        source_id=source_id,
        post_source_id=address,
        parent_source_id=id_of(found.get("parent_id")),
        state=state,
        author_name=name_of(text_at(found, "author_name"), source_id, skipped),
        author_url=url_of(text_at(found, "author_url")),
        body=text_at(found, "body"),
        body_format=body_format,
        published=published,
        edited=edited_of(text_at(found, "edited"), source_id, skipped),
        has_place=found.get("has_place") is not False,
    )


def _address(found: Mapping[str, Any]) -> str:
    post_id, path = id_of(found.get("post_id")), text_at(found, "post_path")
    if post_id is None:
        if not path:
            raise UnreadableError("it says neither the path nor the id of its post")
        return path
    try:
        return address_of_post(str(parse_id(post_id)), path)
    except ValueError as exc:
        raise UnreadableError(f"its post_id is {exc}") from exc


def _state(found: Mapping[str, Any], source_id: str, skipped: list[Skipped]) -> CommentState:
    """What is not known is never shown."""
    if "state" not in found:
        return "live"
    state = _STATES.get(text_at(found, "state"))
    if state is None:
        skipped.append(Skipped("comment", source_id, "its state is not known, so it is held for moderation"))
    return state or "held"


def _body_format(found: Mapping[str, Any]) -> Literal["html", "text"]:
    body_format = _FORMATS.get(text_at(found, "body_format") or None)
    if body_format is None:
        raise UnreadableError("its body_format is neither text nor html")
    return body_format
