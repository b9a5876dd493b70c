"""The one place where XML is parsed: streaming, forgiving, and never resolving an entity or reaching outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from lxml import etree
from lxml.etree import _Element
from msgspec import Struct

from services.migration.xml_files.repair import RepairingStream

BOM: Final = b"\xef\xbb\xbf"


class Fault(Struct, frozen=True):
    line: int
    message: str
    is_early_end: bool = False


class LogEntry(Protocol):
    """A line of the parser's log, which lxml's stubs leave untyped."""

    line: int
    message: str
    domain_name: str
    type_name: str


class Parse:
    """A parse under way; `faults` is complete when `elements` has ended.

    `huge_tree` admits bodies over 10 MB; the encoding is fixed so that no declaration can disguise the bytes.
    """

    def __init__(
        self, stream: BinaryIO, *, events: tuple[str, ...] = ("end",), tag: tuple[str, ...] | None = None
    ) -> None:
        self._stream = RepairingStream(stream)
        self._events = etree.iterparse(
            self._stream,
            events=events,
            tag=tag,
            encoding="utf-8",
            recover=True,
            huge_tree=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )

    def elements(self) -> Iterator[_Element]:
        try:
            for _, element in self._events:
                yield element
        except etree.XMLSyntaxError:
            return  # The fault is in the log as well.

    def faults(self) -> list[Fault]:
        """An undeclared prefix is none: its elements are known by the prefix, and nothing is lost."""
        log: list[LogEntry] = [each for each in self._events.error_log if each.domain_name != "NAMESPACE"]
        faults = [Fault(each.line, each.message.strip(), each.type_name == "ERR_TAG_NOT_FINISHED") for each in log]
        if self._stream.bare:
            bare = Fault(self._stream.first_bare_line, f"{self._stream.bare} times a bare < or &, read as text")
            faults.insert(0, bare)
        return faults


def open_xml(file: Path) -> BinaryIO:
    """Open past a byte order mark and blank lines, which some backups have before their XML declaration."""
    stream = file.open("rb")
    start = 0
    while (beginning := stream.read(4096)) and not (rest := beginning.removeprefix(BOM).lstrip()):
        start += len(beginning)
    stream.seek(start + len(beginning) - len(rest) if beginning else start)
    return stream
