"""Reads the entries of a Google Takeout feed.atom and the settings.csv beside it."""

import csv
import html
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml.etree import _Element

from services.migration.blogger.atom import ATOM
from services.migration.blogger.entry import CommentState, Entry, Kind, PostState
from services.migration.blogger.fields import trailing_number
from services.migration.blogger.recognise import TAKEOUT
from services.migration.records import Skipped
from services.migration.xml_files.fields import has_bare_markup, markup, text_of

BLOGGER: Final = f"{{{TAKEOUT}}}"
KINDS: Final[dict[str, Kind]] = {"POST": "post", "PAGE": "page", "COMMENT": "comment"}
POST_STATES: Final[dict[str, PostState]] = {
    "LIVE": "live",
    "SCHEDULED": "live",  # The date tells scheduled from live, as in the classic backup.
    "DRAFT": "draft",
    "SOFT_TRASHED": "trashed",
}
COMMENT_STATES: Final[dict[str, CommentState]] = {
    "LIVE": "live",
    "SPAM_COMMENT": "spam",
    "GHOSTED_COMMENT": "deleted",
}


def takeout_entry(element: _Element) -> Entry:
    """An unknown status is never published: such a post becomes a draft, such a comment is held."""
    status = text_of(element, f"{BLOGGER}status")
    kind = KINDS.get(text_of(element, f"{BLOGGER}type"), "unknown")
    return Entry(
        kind=kind,
        tag=text_of(element, f"{ATOM}id"),
        published=text_of(element, f"{ATOM}published"),
        updated=text_of(element, f"{ATOM}updated"),
        title=html.unescape(text_of(element, f"{ATOM}title")),
        body=markup(element.find(f"{ATOM}content")),
        author_name=text_of(element, f"{ATOM}author/{ATOM}name"),
        author_uri=text_of(element, f"{ATOM}author/{ATOM}uri"),
        address=text_of(element, f"{BLOGGER}filename"),
        labels=_labels(element),
        post_state=POST_STATES.get(status, "draft"),
        comment_state=COMMENT_STATES.get(status, "held"),
        post=trailing_number(text_of(element, f"{BLOGGER}parent")),
        parent=_parent_number(element),
        notes=(*_status_note(kind, status), *_notes(element)),
    )


def _labels(element: _Element) -> tuple[str, ...]:
    terms = (category.get("term", "").strip() for category in element.findall(f"{ATOM}category"))
    return tuple(dict.fromkeys(term for term in terms if term))


def _parent_number(element: _Element) -> str | None:
    parent = text_of(element, f"{BLOGGER}inReplyTo")
    return trailing_number(parent) or parent or None


def _status_note(kind: Kind, status: str) -> Iterator[str]:
    if kind == "comment" and status not in COMMENT_STATES:
        yield f"its status {status!r} is not known, so it is held for moderation"
    if kind in {"post", "page"} and status not in POST_STATES:
        yield f"its status {status!r} is not known, so it becomes a draft"


def _notes(element: _Element) -> Iterator[str]:
    if has_bare_markup(element.find(f"{ATOM}content")):
        yield "its text holds unescaped markup, which is read as HTML"
    if _is_filled(element.find(f"{ATOM}enclosure")):
        yield "its enclosure (an attached media file) is not imported"
    if _is_filled(element.find(f"{BLOGGER}location")):
        yield "its place on the map is not imported"
    if _is_filled(element.find(f"{BLOGGER}metaDescription")):
        yield "its search description is not imported"


def _is_filled(element: _Element | None) -> bool:
    """Takeout writes what is not there as an empty element."""
    return element is not None and bool(element.attrib or len(element) or (element.text or "").strip())


def settings_beside(feed: Path, skipped: list[Skipped]) -> dict[str, str]:
    """One row under a header of `blog_*` columns, here by the classic names; empty when the file is not there."""
    file = feed.with_name("settings.csv")
    if not file.is_file():
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            row = next(csv.DictReader(lines), {})
    except (csv.Error, UnicodeDecodeError):
        skipped.append(Skipped("settings", file.name, "the file cannot be read as CSV in UTF-8"))
        return {}
    return {key.upper(): value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
