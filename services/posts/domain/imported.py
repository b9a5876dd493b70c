"""A foreign post made ready to store, or the reason why it cannot be."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from services.common.text import clean_line, cut_at_word, drop_unstorable
from services.common.urls import http_url
from services.posts.domain.bodies import BodyFormat, RenderedBody
from services.posts.domain.paths import checked_path
from services.posts.domain.store import CommentPolicy, Kind, PickedLink, State

MAX_TITLE_CHARS = 500
MAX_NAME_CHARS = 200
MAX_ID_CHARS = 200
MAX_IMPORTED_LABELS = 100
MAX_LABEL_CHARS = 100
MAX_IMPORTED_LINKS = 100


class Refused(Struct, frozen=True):
    source_id: str
    reason: str


class PreparedAuthor(Struct, frozen=True):
    source_id: str
    name: str
    url: str | None


class PreparedPost(Struct, frozen=True):
    """`path` is the old path where it is one that Dateline can serve; `notes` say what was changed on the way."""

    source_id: str
    kind: Kind
    state: State
    title: str
    path: str | None
    author: PreparedAuthor | None
    body: RenderedBody
    body_source: str
    body_format: BodyFormat
    labels: tuple[str, ...]
    related_links: tuple[PickedLink, ...]
    comment_policy: CommentPolicy
    published_at: datetime | None
    updated_at: datetime | None
    notes: tuple[str, ...]

    @property
    def needs_path(self) -> bool:
        return self.state in {"live", "scheduled"}


def line_of(text: str) -> str:
    """One clean line of whatever a file held."""
    return clean_line(drop_unstorable(text))


def web_url(url: str | None) -> str | None:
    """The URL if it is http(s) with a host, else None."""
    try:
        return http_url(line_of(url or "")).geturl()
    except ValueError:
        return None


def author_id(source_id: str) -> str:
    """A person's id that can be kept in a unique index, however long it was."""
    line = line_of(source_id)
    return line if len(line) <= MAX_ID_CHARS else hashlib.sha256(line.encode()).hexdigest()


def old_path(path: str | None, notes: list[str]) -> str | None:
    if path is None:
        return None
    try:
        return checked_path(drop_unstorable(path))
    except ValueError as exc:
        notes.append(f"its path cannot be kept: {exc}")
        return None


def label_names(names: Iterable[str], notes: list[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(name for name in map(line_of, names) if name)
    if any(len(name) > MAX_LABEL_CHARS for name in kept):
        notes.append(f"a label was cut to {MAX_LABEL_CHARS} characters")
    return tuple(dict.fromkeys(cut_at_word(name, MAX_LABEL_CHARS) for name in kept))
