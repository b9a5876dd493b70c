"""A comment as a line of an export, in the format that docs/comments.md describes."""

from datetime import datetime

import msgspec
from sqlalchemy import RowMapping

from services.comments.domain.bodies import BodyFormat
from services.comments.domain.store import State


class ExportedComment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What there is nothing of is left out. E-mail addresses, networks and tokens have no member here."""

    id: str
    post_id: str
    state: State
    body_format: BodyFormat
    published: datetime
    edited: datetime | None = None
    parent_id: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    body: str = ""
    has_place: bool = True


def exported_line(row: RowMapping) -> bytes:
    """With its line feed. A deleted comment is its place alone."""
    is_deleted = row["state"] == "deleted"
    comment = ExportedComment(
        id=str(row["id"]),
        post_id=str(row["post_id"]),
        state=row["state"],
        body_format=row["body_format"],
        published=row["published_at"],
        edited=row["edited_at"],
        parent_id=None if row["parent_id"] is None else str(row["parent_id"]),
        author_name=None if is_deleted else row["author_name"],
        author_url=None if is_deleted else row["author_url"],
        body="" if is_deleted else row["body_source"],
        has_place=bool(row["has_place"]) or not is_deleted,
    )
    return msgspec.json.encode(comment) + b"\n"
