"""Headers as ASGI has them, with names in lower case, and as the lines that are sent."""

from collections.abc import Iterable

Header = tuple[bytes, bytes]


def header_of(headers: Iterable[Header], name: bytes) -> bytes:
    """The first one's value, empty without any. A loop, because a generator would be felt: every request asks."""
    for one, value in headers:
        if one == name:
            return value
    return b""


def headers_of(headers: Iterable[Header], name: bytes) -> list[bytes]:
    """The values of all that have this name."""
    return [value for one, value in headers if one == name]


def as_lines(headers: Iterable[Header]) -> bytes:
    """As they are sent, each ended by CRLF: ten thousand pages take tens of megabytes less than as pairs.

    Raises ValueError for what would be more than one line: nothing looks at these bytes again.
    """
    pairs = [b"%b: %b\r\n" % header for header in headers]
    lines = b"".join(pairs)
    if not lines.count(b"\r") == lines.count(b"\n") == len(pairs) or b"\0" in lines:
        raise ValueError("a header holds the end of a line")
    return lines


def as_headers(lines: bytes) -> list[Header]:
    pairs = (line.partition(b": ") for line in lines.split(b"\r\n")[:-1])
    return [(name, value) for name, _, value in pairs]
