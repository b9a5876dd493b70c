"""Which permalink paths a post may have."""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from services.common.text import drop_controls

MAX_BYTES: Final = 1024
"""In UTF-8: PostgreSQL indexes at most 2,704 bytes."""
RESERVED: Final = frozenset(
    "api articles comments docs feeds atom.xml rss.xml search static openapi.json livez readyz metrics favicon.ico "
    "robots.txt sitemap.xml sitemap-pages.xml v3 blogger batch .well-known".split()
)
"""First segments that the gateway keeps for itself."""

_ARCHIVE = re.compile(r"/[0-9]+/([0-9]+/)?")
_SEGMENT = re.compile(r"[^/\s?#%\\<>\"'`|^{}\x00-\x1f\x7f-\x9f]+")


def checked_path(path: str) -> str:
    """The decoded path; raises ValueError saying what is wrong with it."""
    if not path.startswith("/") or len(path.encode()) > MAX_BYTES:
        raise ValueError(f"a path starts with / and has at most {MAX_BYTES} bytes")
    segments = path[1:].removesuffix("/").split("/")
    if not all(_SEGMENT.fullmatch(segment) and segment not in {".", ".."} for segment in segments):
        raise ValueError("a path is made of non-empty segments without spaces, quotes, %, ?, # and the like")
    if drop_controls(path) != path:
        raise ValueError("a path holds no characters that control how it is shown")
    if segments[0] in RESERVED or _ARCHIVE.fullmatch(path):
        raise ValueError("this path is kept for Dateline itself")
    return path


def can_be_path(path: str) -> bool:
    """Whether any post could have this path; what cannot be one is not looked up."""
    return len(path) <= MAX_BYTES and "\x00" not in path


def own_path(url: str, public_url: str) -> str | None:
    """The decoded path when a URL points into the blog itself, else None."""
    try:
        parts, own = urlsplit(url), urlsplit(public_url)
    except ValueError:
        return None
    relative = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    if not relative and (parts.scheme not in {"http", "https"} or parts.netloc.lower() != own.netloc.lower()):
        return None
    try:
        return checked_path(unquote(parts.path))
    except ValueError:
        return None
