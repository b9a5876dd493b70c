"""Headers as ASGI has them, with names in lower case, and as the lines that are sent."""

import re
from collections.abc import Iterable
from typing import Final

Header = tuple[bytes, bytes]
_LINE_END: Final = re.compile(rb"[\r\n\0]")


def header_of(headers: Iterable[Header], name: bytes) -> bytes:
    """The first one's value, empty without any. A loop, because a generator would be felt: every request asks."""
    for one, value in headers:
        if one == name:
            return value
    return b""


def as_lines(headers: Iterable[Header]) -> bytes:
    """As they are sent, each ended by CRLF: ten thousand pages take tens of megabytes less than as pairs.

    Raises ValueError for what would be more than one line: nothing looks at these bytes again.
    """
    lines = [b"%b: %b" % header for header in headers]
    if any(_LINE_END.search(line) for line in lines):
        raise ValueError("a header holds the end of a line")
    return b"".join([line + b"\r\n" for line in lines])


def as_headers(lines: bytes) -> list[Header]:
    pairs = (line.partition(b": ") for line in lines.split(b"\r\n")[:-1])
    return [(name, value) for name, _, value in pairs]
