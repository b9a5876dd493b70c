"""The entry that both formats are read into, before it becomes a record: fields as text, nothing judged yet."""

from typing import Literal

from msgspec import Struct

Kind = Literal["post", "page", "comment", "setting", "template", "unknown"]
PostState = Literal["draft", "live", "trashed"]
CommentState = Literal["live", "held", "spam", "deleted"]


class Entry(Struct, frozen=True):
    """`notes` says what of the entry is left out or changed; `post` and `parent` are the numbers a comment names."""

    kind: Kind
    tag: str
    published: str
    updated: str
    title: str
    body: str
    author_name: str
    author_uri: str
    address: str = ""
    labels: tuple[str, ...] = ()
    post_state: PostState = "live"
    comment_state: CommentState = "live"
    post: str | None = None
    parent: str | None = None
    notes: tuple[str, ...] = ()
