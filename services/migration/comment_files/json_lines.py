"""Reads a file of JSON objects, one a line, packed by gzip or not, without ever holding more than a line."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from services.migration.records import Skipped

MAX_LINE_BYTES: Final = 16_000_000
_PIECE_BYTES: Final = 65_536
_GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"
_BROKEN: Final = (EOFError, gzip.BadGzipFile, zlib.error)


def json_lines(file: Path, skipped: list[Skipped]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object. Other lines, and what a broken end took away, are told in `skipped`."""
    number = 0
    with file.open("rb") as stream:
        try:
            for number, line in enumerate(_lines(_unpacked(stream)), 1):
                found = _object(line)
                if isinstance(found, dict):
                    yield number, found
                elif found:
                    skipped.append(Skipped("line", str(number), found))
        except _BROKEN:
            reason = f"the gzip file is broken after line {number}; what came after is missing"
            skipped.append(Skipped("file", file.name, reason))


def first_object(file: Path) -> dict[str, Any] | None:
    """The first line's, if it is one; None also for an empty file."""
    with file.open("rb") as stream:
        try:
            found = _object(next(_lines(_unpacked(stream)), b""))
        except _BROKEN:
            return None
    return found if isinstance(found, dict) else None


def _unpacked(stream: BinaryIO) -> BinaryIO:
    is_packed = stream.read(len(_GZIP)) == _GZIP
    stream.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if is_packed else stream


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """None for a line that is too long."""
    while line := stream.readline(MAX_LINE_BYTES):
        if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(_PIECE_BYTES)) and not rest.endswith(b"\n"):
            pass
        yield None


def _object(line: bytes | None) -> dict[str, Any] | str:
    """What the line holds, or why it holds nothing; empty for a blank line."""
    if line is None:
        return f"it is longer than {MAX_LINE_BYTES} bytes"
    line = line.removeprefix(_BOM).strip()
    try:
        found = json.loads(line.decode()) if line else ""
    except (ValueError, RecursionError):
        return "it is not JSON"
    return found if isinstance(found, dict) else "it is not a JSON object" if line else ""
