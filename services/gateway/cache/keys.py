"""By what a stored answer is found: its path, and those parameters that any public page knows."""

from typing import Final
from urllib.parse import parse_qsl, urlencode

_KNOWN: Final = frozenset(
    {
        "article_id",
        "author",
        "comments_cursor",
        "comments_order",
        "cursor",
        "explain",
        "include",
        "label",
        "limit",
        "max-results",
        "month",
        "order",
        "path",
        "showComment",
        "show_comment",
        "year",
    }
)
_ASIDE: Final = frozenset({"comment", "posted", "proof", "q", "reply_to", "unused"})
"""Of one reader, or without number: answered, not stored."""
NEVER: Final = ("/static/", "/comments/", "/livez", "/readyz", "/metrics", "/docs", "/openapi.json")
_MAX_BYTES: Final = 2048


def key_of(path: str, query: bytes) -> str | None:
    """None for what is not stored. Parameters that no page knows make no difference, nor does the order of others."""
    if path.startswith(NEVER) or len(query) > _MAX_BYTES or len(path) > _MAX_BYTES:
        return None
    if not query:
        return path
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    if any(name in _ASIDE for name, _ in given):
        return None
    known = sorted((pair for pair in given if pair[0] in _KNOWN), key=lambda pair: pair[0])
    return f"{path}?{urlencode(known)}" if known else path
