"""The neutral records that every reader makes of a foreign export and that the sender passes to Dateline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct, field

CommentState = Literal["live", "held", "spam", "removed", "deleted"]


class BlogRecord(Struct, frozen=True):
    title: str
    description: str | None = None
    locale: str | None = None
    time_zone: str | None = None


class AuthorRecord(Struct, frozen=True):
    """Who wrote a post; `source_id` is the foreign system's id of the person, else the name."""

    source_id: str
    name: str
    url: str | None = None


class LinkRecord(Struct, frozen=True):
    headline: str
    url: str


class PostRecord(Struct, frozen=True):
    """A post or static page. `path` is the old path with its leading slash, None where the export has none."""

    source_id: str
    kind: Literal["post", "page"]
    state: Literal["draft", "scheduled", "live", "trashed"]
    title: str
    body: str
    body_format: Literal["html", "markdown"]
    published: datetime | None
    updated: datetime | None = None
    path: str | None = None
    author: AuthorRecord | None = None
    labels: tuple[str, ...] = ()
    comment_policy: Literal["open", "closed", "hidden"] = "open"
    related_links: tuple[LinkRecord, ...] = ()


class CommentRecord(Struct, frozen=True):
    """A comment. `deleted` is one whose text its author or the blog took away but whose place in the thread stays; it
    `has_place` no more where nothing answers it.
    """

    source_id: str
    post_source_id: str
    parent_source_id: str | None
    state: CommentState
    author_name: str | None
    author_url: str | None
    body: str
    body_format: Literal["html", "text"]
    published: datetime
    edited: datetime | None = None
    has_place: bool = True


class Skipped(Struct, frozen=True):
    """Something in the export that is not imported, or not whole, with the reason a person can act on."""

    what: str
    source_id: str
    reason: str


class Outline(Struct):
    """What one pass over an export found: totals for the progress bar and the blog's own data.

    `source` names the foreign blog (`blogger:1234`); `host` is its old host, `own_links` how many links in bodies
    point there by an absolute address.
    """

    source: str
    blog: BlogRecord
    host: str | None = None
    own_links: int = 0
    posts: int = 0
    pages: int = 0
    comments: int = 0
    skipped: list[Skipped] = field(default_factory=list)


class Export(Protocol):
    """A foreign export, read in passes so that a file larger than memory can be read.

    `outline` comes first; comments come after their parents.
    """

    def outline(self) -> Outline: ...

    def posts(self) -> Iterator[PostRecord]: ...

    def comments(self) -> Iterator[CommentRecord]: ...


class CommentExport(Protocol):
    """Comments out of a comment system, whose `post_source_id` is the address of the page that they stand under.

    `comments` reads the file anew each time, in its own order, and notes in `skipped` what it left out or changed.
    """

    @property
    def source(self) -> str: ...

    @property
    def not_kept(self) -> str:
        """What a record cannot hold of this format's comments."""

    @property
    def keeps_bare_places(self) -> bool:
        """Whether a deleted comment that nothing answers had a place in its thread."""

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]: ...
