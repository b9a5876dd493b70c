"""Reads an export of Disqus: XML with threads, which have the addresses, and posts, which are the comments."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from lxml.etree import _Element
from msgspec import Struct

from services.migration.comment_files.not_comments import NotACommentFile, UnreadableError
from services.migration.comment_files.values import (
    date_of,
    emptied_if_deleted,
    id_of,
    name_of,
    required_id,
    source_name,
)
from services.migration.records import CommentRecord, CommentState, Skipped
from services.migration.xml_files.beginning import found_instead
from services.migration.xml_files.elements import elements
from services.migration.xml_files.fields import markup, tag_of, text_of
from services.migration.xml_files.parser import Parse, open_xml

_EXPECTED: Final = "an export of Disqus"
_DISQUS: Final = "{http://disqus.com}"
_THREAD: Final = f"{_DISQUS}thread"
_POST: Final = f"{_DISQUS}post"
_IDS: Final = ("{http://disqus.com/disqus-internals}id", "dsq:id")
_WITHOUT_ZONE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class _Thread(Struct, frozen=True):
    address: str
    forum: str
    is_deleted: bool


class DisqusExport:
    not_kept = "votes, accounts, e-mail and IP addresses"
    keeps_bare_places = False

    def __init__(self, file: Path, source: str | None) -> None:
        if found := found_instead(file) or _other_root(file):
            raise NotACommentFile(_EXPECTED, found)
        self._file = file
        self._source = source

    @property
    def source(self) -> str:
        first = next(iter(self._threads.values()), None)
        return self._source or source_name("disqus", first.forum if first else "")

    def comments(self, skipped: list[Skipped]) -> Iterator[CommentRecord]:
        for element, is_whole in _elements(self._file, skipped):
            if element.tag != _POST:
                continue
            source_id = id_of(_id(element)) or f"at line {element.sourceline}"
            try:
                yield emptied_if_deleted(_record(element, self._threads, skipped, is_whole=is_whole))
            except UnreadableError as reason:
                skipped.append(Skipped("comment", source_id, str(reason)))
            except UnicodeDecodeError:  # A reference to half a surrogate pair passes the parser, but is no text.
                skipped.append(Skipped("comment", source_id, "it holds a broken character"))

    @cached_property
    def _threads(self) -> Mapping[str, _Thread]:
        """All of them, read before the first comment: only a sound file is sure to have them in front."""
        found: dict[str, _Thread] = {}
        for element, _ in _elements(self._file, []):
            thread_id = _id(element)
            if element.tag == _THREAD and thread_id:
                found.setdefault(thread_id, _thread(element))
        return found


def _elements(file: Path, skipped: list[Skipped]) -> Iterator[tuple[_Element, bool]]:
    """Within a post a thread is not one, but names the post's own."""
    return elements(file, "disqus", (_THREAD, _POST), skipped, whole=_POST)


def _other_root(file: Path) -> str | None:
    with open_xml(file) as stream:
        root = next(Parse(stream, events=("start",)).elements(), None)
    if root is None:
        return "an XML file without a root"
    tag = tag_of(root)
    return None if tag == f"{_DISQUS}disqus" else f"an XML file whose root is <{tag.rpartition('}')[2][:40]}>"


def _id(element: _Element | None) -> str:
    """A damaged file may leave the prefix undeclared. Empty for none, and for what is no text."""
    if element is None:
        return ""
    try:
        return next((found for name in _IDS if (found := element.get(name))), "")
    except UnicodeDecodeError:
        return ""


def _thread(element: _Element) -> _Thread:
    """Threads that were made for a page without an address have it as their identifier."""
    try:
        address = text_of(element, f"{_DISQUS}link") or text_of(element, f"{_DISQUS}id")
        return _Thread(address, text_of(element, f"{_DISQUS}forum"), _is(element, "isDeleted"))
    except UnicodeDecodeError:
        return _Thread("", "", is_deleted=False)


def _record(
    element: _Element, threads: Mapping[str, _Thread], skipped: list[Skipped], *, is_whole: bool
) -> CommentRecord:
    if not is_whole:  # Half a comment may lack the mark that says that it is spam.
        raise UnreadableError("the file ends in the middle of it, so it is left out")
    source_id = required_id(_id(element))
    return CommentRecord(
        source_id=source_id,
        post_source_id=_address(threads.get(_id(element.find(_THREAD)))),
        parent_source_id=id_of(_id(element.find(f"{_DISQUS}parent"))),
        state=_state(element),
        author_name=name_of(text_of(element, f"{_DISQUS}author/{_DISQUS}name"), source_id, skipped),
        author_url=None,
        body=markup(element.find(f"{_DISQUS}message")).strip(),
        body_format="html",
        published=date_of(_zoned(text_of(element, f"{_DISQUS}createdAt"))),
    )


def _address(thread: _Thread | None) -> str:
    if thread is None:
        raise UnreadableError("its thread is not in the file")
    if thread.is_deleted:
        raise UnreadableError("its thread was deleted there")
    if not thread.address:
        raise UnreadableError("its thread has no address")
    return thread.address


def _state(element: _Element) -> CommentState:
    """`isApproved` stands in some exports only."""
    if _is(element, "isDeleted"):
        return "deleted"
    if _is(element, "isSpam"):
        return "spam"
    return "held" if text_of(element, f"{_DISQUS}isApproved").lower() == "false" else "live"


def _is(element: _Element, name: str) -> bool:
    return text_of(element, f"{_DISQUS}{name}").lower() not in {"", "false", "0"}


def _zoned(text: str) -> str:
    """Times are UTC, whether they say so or not."""
    return f"{text}Z" if _WITHOUT_ZONE.fullmatch(text) else text
