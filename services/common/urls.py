"""Addresses from outside."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

_WRONG: Final = "must be an http or https address"


def http_url(text: str) -> SplitResult:
    """The parts of an absolute http or https URL with a host and without user names; raises ValueError for others."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and "@" not in parts.netloc
    except ValueError as exc:
        raise ValueError(_WRONG) from exc
    if not usable or any(character.isspace() for character in text):
        raise ValueError(_WRONG)
    return parts
