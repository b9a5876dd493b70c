"""Streams the entries of a feed one by one, so that memory does not grow with the file, and notes its damage."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml.etree import _Element

from services.migration.blogger.parser import ENTRY, Fault, Parse, open_xml
from services.migration.records import Skipped


def entry_elements(file: Path, skipped: list[Skipped]) -> Iterator[tuple[_Element, bool]]:
    """Each entry and whether it is whole: the last one is not when the file ends within it.

    An entry is held back until the next is read, because only the end of the file tells that it was cut.
    """
    with open_xml(file) as stream:
        reading = Parse(stream, tag=ENTRY)
        held: _Element | None = None
        for element in reading.elements():
            if held is not None:
                yield held, True
                _free(held)
            held = element
        faults = reading.faults()
    skipped.extend(_damage(file.name, faults))
    if held is not None:
        yield held, not _ends_within_entry(faults)


def _free(element: _Element) -> None:
    """Only the entry itself goes: where a closing tag is missing, its neighbours hold another entry's data."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _ends_within_entry(faults: list[Fault]) -> bool:
    return any(fault.is_early_end and not re.search(r"in tag (\S+:)?feed ", fault.message) for fault in faults)


def _damage(name: str, faults: list[Fault]) -> Iterator[Skipped]:
    broken = [fault for fault in faults if not fault.is_early_end]
    if broken:
        first, others = broken[0], len(broken) - 1
        count = f" and {others} more places" if others else ""
        reason = f"the file is damaged at line {first.line}{count} ({first.message}); text there may be missing"
        yield Skipped("file", name, reason)
    if ends := [fault for fault in faults if fault.is_early_end]:
        yield Skipped("file", name, f"the file ends early, at line {ends[0].line}; what came after is missing")
