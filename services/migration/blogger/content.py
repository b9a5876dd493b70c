"""Judges entries and makes records of them: what cannot be imported is left out with its reason."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal

from services.migration.blogger.entry import Entry
from services.migration.blogger.fields import path_of, trailing_number, web_address
from services.migration.blogger.source_ids import SourceIds
from services.migration.records import AuthorRecord, CommentRecord, PostRecord, Skipped
from services.migration.times import time_of

REPEAT: Final = "it stands in the file twice; the first is imported"
SAME_ID: Final = "another entry has the same id; this one is imported under its id and date"


class UnreadableError(ValueError):
    """The entry cannot become a record; the message is the reason."""


class Content:
    """One pass over the entries of a file; `skipped` gets a line for all that is left out or changed."""

    def __init__(self, now: datetime, skipped: list[Skipped]) -> None:
        self._now = now
        self._skipped = skipped
        self._post_ids = SourceIds()
        self._comment_ids = SourceIds()

    def records(self, entries: Iterable[Entry]) -> Iterator[PostRecord | CommentRecord]:
        for entry in entries:
            if entry.kind in {"setting", "template"}:
                continue
            try:
                yield self._record(entry)
            except UnreadableError as reason:
                self._skip(entry, trailing_number(entry.tag) or entry.tag, str(reason))

    def _record(self, entry: Entry) -> PostRecord | CommentRecord:
        match entry.kind:
            case "post" | "page" as kind:
                return self._post(entry, kind)
            case "comment":
                return self._comment(entry)
        raise UnreadableError("it is neither a post, a page nor a comment")

    def _post(self, entry: Entry, kind: Literal["post", "page"]) -> PostRecord:
        published = _time_or_none(entry.published)
        if published is None and entry.post_state == "live":
            raise UnreadableError("it is live but has no date of publication")
        source_id = self._source_id(entry, self._post_ids, published)
        if entry.address and path_of(entry.address) is None:
            self._skip(entry, source_id, f"its address {entry.address!r} holds no path and is left out")
        return PostRecord(
            source_id=source_id,
            kind=kind,
            state=self._state(entry, published),
            title=entry.title,
            body=entry.body,
            body_format="html",
            published=published,
            updated=self._updated(entry, source_id),
            path=path_of(entry.address),
            author=_author(entry),
            labels=entry.labels,
        )

    def _comment(self, entry: Entry) -> CommentRecord:
        """Nobody can edit a comment on Blogger: `updated` moves when it is moderated, so `edited` stays None."""
        published = _time_or_none(entry.published)
        if published is None:
            raise UnreadableError("it has no date")
        if entry.post is None:
            raise UnreadableError("it does not say which post it belongs to")
        return CommentRecord(
            source_id=self._source_id(entry, self._comment_ids, published),
            post_source_id=entry.post,
            parent_source_id=entry.parent,
            state=entry.comment_state,
            author_name=entry.author_name or None,
            author_url=web_address(entry.author_uri),
            body="" if entry.comment_state == "deleted" else entry.body,
            body_format="html",
            published=published,
        )

    def _source_id(self, entry: Entry, ids: SourceIds, published: datetime | None) -> str:
        number = trailing_number(entry.tag)
        if number is None:
            raise UnreadableError("its id has no number" if entry.tag else "it has no id")
        source_id = ids.give(number, entry.kind, published)
        if source_id is None:
            raise UnreadableError(REPEAT)
        self._note(entry, source_id, number)
        return source_id

    def _note(self, entry: Entry, source_id: str, number: str) -> None:
        if source_id != number:
            self._skip(entry, source_id, SAME_ID)
        if entry.author_uri and not web_address(entry.author_uri):
            self._skip(entry, source_id, "its author's address is not a web address and is left out")
        for note in entry.notes:
            self._skip(entry, source_id, note)

    def _skip(self, entry: Entry, source_id: str, reason: str) -> None:
        self._skipped.append(Skipped("entry" if entry.kind == "unknown" else entry.kind, source_id, reason))

    def _state(self, entry: Entry, published: datetime | None) -> Literal["draft", "scheduled", "live", "trashed"]:
        """Scheduled posts look like live ones, but for their date."""
        is_scheduled = entry.post_state == "live" and published is not None and published > self._now
        return "scheduled" if is_scheduled else entry.post_state

    def _updated(self, entry: Entry, source_id: str) -> datetime | None:
        try:
            return _time_or_none(entry.updated)
        except UnreadableError:
            self._skip(entry, source_id, f"its date of change {entry.updated!r} is unreadable and is left out")
            return None


def _time_or_none(text: str) -> datetime | None:
    try:
        return time_of(text) if text else None
    except ValueError as error:
        raise UnreadableError(f"its date {text!r} is unreadable") from error


def _author(entry: Entry) -> AuthorRecord | None:
    url = web_address(entry.author_uri)
    source_id = trailing_number(url.rstrip("/").rpartition("/")[2]) if url else None
    source_id = source_id or entry.author_name
    return AuthorRecord(source_id, entry.author_name or source_id, url) if source_id else None
