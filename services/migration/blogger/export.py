"""The export as the migration sees it: an outline and two streams, each made by a pass over the file."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from services.migration.blogger.atom import ENTRY
from services.migration.blogger.blog import blog_record
from services.migration.blogger.classic import classic_entry
from services.migration.blogger.content import Content
from services.migration.blogger.entry import Entry
from services.migration.blogger.fields import trailing_number
from services.migration.blogger.recognise import Head, host_of
from services.migration.blogger.takeout import settings_beside, takeout_entry
from services.migration.blogger.threads import threads
from services.migration.records import BlogRecord, CommentRecord, Outline, PostRecord, Skipped
from services.migration.xml_files.elements import elements

HREF: Final = re.compile(r"""\bhref\s*=\s*["']?(https?://[^"'\s>]+)""", re.IGNORECASE)


class BloggerExport:
    """Each call reads the file anew and starts from nothing, so that they may come in any order and again."""

    def __init__(self, file: Path, head: Head, host: str | None, now: datetime) -> None:
        self._file = file
        self._head = head
        self._host = host.lower() if host else None
        self._now = now

    def outline(self) -> Outline:
        skipped: list[Skipped] = []
        found = _Found()
        records = list(found.count(self._content(found.watch(self._entries(skipped)), skipped)))
        comments = list(threads(records, found.posts, skipped))
        found.links.update(_linked_hosts(each.body for each in comments))
        host = self._host or self._head.host or found.host
        return Outline(
            source=f"blogger:{self._head.blog_id}",
            blog=self._blog(found.settings, skipped),
            host=host,
            own_links=found.links[host] if host else 0,
            posts=found.kinds["post"],
            pages=found.kinds["page"],
            comments=len(comments),
            skipped=skipped,
        )

    def posts(self) -> Iterator[PostRecord]:
        for record in self._content(self._entries([]), []):
            if isinstance(record, PostRecord):
                yield record

    def comments(self) -> Iterator[CommentRecord]:
        """All are read before the first is given: Takeout has comments before their posts, replies before parents."""
        found = _Found()
        records = list(found.count(self._content(self._entries([]), [])))
        yield from threads(records, found.posts, [])

    def _content(self, entries: Iterable[Entry], skipped: list[Skipped]) -> Iterator[PostRecord | CommentRecord]:
        return Content(self._now, skipped).records(entries)

    def _entries(self, skipped: list[Skipped]) -> Iterator[Entry]:
        read = takeout_entry if self._head.form == "takeout" else classic_entry
        for element, is_whole in elements(self._file, "feed", (ENTRY,), skipped):
            try:
                entry = read(element)
            except UnicodeDecodeError:  # A reference to half a surrogate pair passes the parser, but is no text.
                skipped.append(Skipped("entry", "", f"it holds a broken character (at line {element.sourceline})"))
                continue
            if is_whole:
                yield entry
            else:  # Half an entry may lack the mark that says that it is a draft.
                number = trailing_number(entry.tag) or entry.tag
                skipped.append(Skipped(entry.kind, number, "the file ends in the middle of it, so it is left out"))

    def _blog(self, settings: dict[str, str], skipped: list[Skipped]) -> BlogRecord:
        if self._head.form == "takeout":
            settings = settings_beside(self._file, skipped)
            return blog_record(settings, self._head.title or settings.get("BLOG_NAME", ""), skipped)
        return blog_record(settings, settings.get("BLOG_NAME") or self._head.title, skipped)


class _Found:
    """What is gathered while entries and records go by, so that one pass is enough."""

    def __init__(self) -> None:
        self.settings: dict[str, str] = {}
        self.host: str | None = None
        self.posts: set[str] = set()
        self.kinds: Counter[str] = Counter()
        self.links: Counter[str] = Counter()

    def watch(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            if entry.kind == "setting":
                self.settings[entry.tag.rpartition(".settings.")[2]] = entry.body.strip()
            elif self.host is None and entry.kind in {"post", "page"}:
                self.host = host_of(entry.address)
            yield entry

    def count(self, records: Iterable[PostRecord | CommentRecord]) -> Iterator[CommentRecord]:
        """Counts the posts and lets the comments through."""
        for record in records:
            if isinstance(record, CommentRecord):
                yield record
                continue
            self.posts.add(record.source_id)
            self.kinds[record.kind] += 1
            self.links.update(_linked_hosts([record.body]))


def _linked_hosts(bodies: Iterable[str]) -> Iterator[str]:
    for body in bodies:
        for match in HREF.finditer(body):
            if host := host_of(match[1]):
                yield host
