"""What a post is when it is about to be stored: everything decided, nothing looked up any more."""

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from services.posts.domain.bodies import BodyFormat, RenderedBody

Kind = Literal["post", "page"]
State = Literal["draft", "scheduled", "live", "trashed"]
CommentPolicy = Literal["open", "closed", "hidden"]
_PUBLIC: Final = frozenset({"live", "scheduled"})


class PickedLink(Struct, frozen=True):
    """A related link that an editor chose.

    An empty headline follows the title of the post behind the link. `target_path` is set when the link points into
    the blog, `target_id` when the post behind it is known.
    """

    headline: str
    url: str
    target_path: str | None
    target_id: int | None = None


class PostToStore(Struct, frozen=True):
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
    version: int = 1
    has_generated_path: bool = False
    first_live_at: datetime | None = None
    trashed_at: datetime | None = None
    trashed_from: State | None = None
    written_by: str | None = None

    @property
    def is_listed(self) -> bool:
        """Whether lists, labels and the archive count it."""
        return self.state == "live" and self.kind == "post"

    @property
    def is_public(self) -> bool:
        """Whether readers see it, now or by itself later."""
        return self.state in _PUBLIC

    @property
    def is_publishers(self) -> bool:
        """Whether it takes the right to publish to change it: it is public, or will be when it is restored."""
        return self.is_public or (self.state == "trashed" and self.trashed_from in _PUBLIC)

    def says_the_same(self, other: "PostToStore") -> bool:
        """Whether title, body, labels and links are equal: what revisions keep."""
        return _words(self) == _words(other)


def _words(post: PostToStore) -> tuple[object, ...]:
    return post.title, post.body_source, post.body_format, post.labels, post.related_links


def state_at(wanted: State, published_at: datetime | None, now: datetime) -> State:
    """A live post whose time has not come is scheduled, and the reverse."""
    if wanted in {"draft", "trashed"}:
        return wanted
    return "scheduled" if published_at is not None and published_at > now else "live"


def change_kind(before: State, after: State) -> str:
    """What happened to a post, for those who follow its changes."""
    if before == after:
        return "post.changed"
    if before == "trashed":
        return "post.restored"
    return {"live": "post.published", "scheduled": "post.scheduled", "draft": "post.reverted"}.get(
        after, "post.trashed"
    )
