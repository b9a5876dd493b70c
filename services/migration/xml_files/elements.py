"""Streams a file's records one by one, so that memory does not grow with the file, and notes its damage."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element

from services.migration.records import Skipped
from services.migration.xml_files.parser import Fault, Parse, open_xml


def elements(
    file: Path, root: str, tags: tuple[str, ...], skipped: list[Skipped], *, whole: str | None = None
) -> Iterator[tuple[_Element, bool]]:
    """Each element with one of the tags and whether it is whole: the last one is not when the file ends within it.

    `root` is the root's name without its namespace. An element with another tag that stands within one tagged `whole`
    is part of it. Each is held back until the next is read, because only the end of the file tells that it was cut.
    """
    with open_xml(file) as stream:
        reading = Parse(stream, tag=tags)
        held: _Element | None = None
        for element in reading.elements():
            if whole is not None and _is_part(element, whole):
                continue
            if held is not None:
                yield held, True
                _free(held)
            held = element
        faults = reading.faults()
    skipped.extend(_damage(file.name, faults))
    if held is not None:
        yield held, not _ends_within_record(faults, root)


def _is_part(element: _Element, whole: str) -> bool:
    parent = element.getparent()
    return element.tag != whole and parent is not None and parent.tag == whole


def _free(element: _Element) -> None:
    """Only the element itself goes: where a closing tag is missing, its neighbours hold another one's data."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _ends_within_record(faults: list[Fault], root: str) -> bool:
    return any(fault.is_early_end and not re.search(rf"in tag (\S+:)?{root} ", fault.message) for fault in faults)


def _damage(name: str, faults: list[Fault]) -> Iterator[Skipped]:
    broken = [fault for fault in faults if not fault.is_early_end]
    if broken:
        first, others = broken[0], len(broken) - 1
        count = f" and {others} more places" if others else ""
        reason = f"the file is damaged at line {first.line}{count} ({first.message}); text there may be missing"
        yield Skipped("file", name, reason)
    if ends := [fault for fault in faults if fault.is_early_end]:
        yield Skipped("file", name, f"the file ends early, at line {ends[0].line}; what came after is missing")
