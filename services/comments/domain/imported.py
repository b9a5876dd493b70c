"""A foreign comment made ready to store, or the reason why it cannot be."""

from datetime import datetime

from msgspec import Struct

from services.comments.domain.authors import website
from services.comments.domain.bodies import BodyFormat, RenderedBody
from services.comments.domain.store import CommentToStore, State
from services.comments.domain.thread_order import Place
from services.common.text import clean_line, drop_unstorable, text_or_none


class Refused(Struct, frozen=True):
    source_id: str
    reason: str


class PreparedComment(Struct, frozen=True):
    source_id: str
    post_id: int
    parent_source_id: str | None
    state: State
    author_name: str | None
    author_url: str | None
    body: RenderedBody
    body_source: str
    body_format: BodyFormat
    published_at: datetime
    edited_at: datetime | None
    has_place: bool = True
    notes: tuple[str, ...] = ()

    def at_place(self, source: str, comment_id: int, parent_id: int | None, own: Place) -> CommentToStore:
        return CommentToStore(
            comment_id=comment_id,
            post_id=self.post_id,
            parent_id=parent_id,
            place=own,
            state=self.state,
            author_name=self.author_name,
            author_url=self.author_url,
            body=self.body,
            body_source=self.body_source,
            body_format=self.body_format,
            published_at=self.published_at,
            edited_at=self.edited_at,
            has_place=self.has_place,
            source=source,
            source_id=self.source_id,
        )


def foreign_name(name: str | None) -> str | None:
    return text_or_none(clean_line(drop_unstorable(name or "")))


def foreign_website(url: str | None, notes: list[str]) -> str | None:
    try:
        return website(clean_line(drop_unstorable(url or "")))
    except ValueError:
        notes.append("its author's address was left out: it is not http or https")
        return None
