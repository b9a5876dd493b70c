"""What a comment is when it is about to be stored."""

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from services.comments.domain.bodies import BodyFormat, RenderedBody
from services.comments.domain.thread_order import Place

State = Literal["live", "held", "spam", "removed", "deleted"]
SHOWN: Final = ("live", "deleted")
"""What may stand in the thread for readers: a deleted comment keeps its place, without author and text."""


class CommentToStore(Struct, frozen=True):
    """`has_place` tells of a deleted comment whether anything that stands in the thread answers it."""

    comment_id: int
    post_id: int
    parent_id: int | None
    place: Place
    state: State
    author_name: str | None
    author_url: str | None
    body: RenderedBody
    body_source: str
    body_format: BodyFormat
    published_at: datetime
    edited_at: datetime | None = None
    source: str | None = None
    source_id: str | None = None
    reasons: tuple[str, ...] = ()
    token_hash: str | None = None
    address_hash: str | None = None
    text_hash: int | None = None
    has_place: bool = True

    @property
    def is_shown(self) -> bool:
        return self.state in SHOWN and (self.state == "live" or self.has_place)
