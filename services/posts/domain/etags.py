"""Which version of something an editor has seen, as a strong entity tag (RFC 9110, 8.8.3)."""

import zlib
from collections.abc import Sequence


def etag_of(version: int, label_names: Sequence[str] = ()) -> str:
    """Labels may be renamed without their posts being touched, so their names are part of it."""
    return f'"{version}-{zlib.crc32(chr(0).join(label_names).encode()):08x}"'


def matches(if_match: str, etag: str) -> bool:
    """Whether an If-Match header lets a write through; weak tags never match (RFC 9110, 13.1.1)."""
    given = [one.strip() for one in if_match.split(",")]
    return "*" in given or etag in given
