"""What a post is when it is about to be stored: everything decided, nothing looked up any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.posts.domain.bodies import BodyFormat, RenderedBody

Kind = Literal["post", "page"]
State = Literal["draft", "scheduled", "live", "trashed"]
CommentPolicy = Literal["open", "closed", "hidden"]


@dataclass(frozen=True, slots=True)
class PickedLink:
    """A related link that an editor chose; `target_path` when it points into the blog."""

    headline: str
    url: str
    target_path: str | None


@dataclass(frozen=True, slots=True)
class PostToStore:
    post_id: int
    kind: Kind
    state: State
    title: str
    path: str | None
    author_id: int | None
    body: RenderedBody
    body_source: str
    body_format: BodyFormat
    labels: tuple[str, ...]
    related_links: tuple[PickedLink, ...]
    comment_policy: CommentPolicy
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    source: str | None = None
    source_id: str | None = None


def state_at(wanted: State, published_at: datetime | None, now: datetime) -> State:
    """A live post whose time has not come is scheduled, and the reverse."""
    if wanted in {"draft", "trashed"}:
        return wanted
    return "scheduled" if published_at is not None and published_at > now else "live"
