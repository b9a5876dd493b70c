"""The Idempotency-Key header of a request, and what it stands for."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from services.common.header_lines import Header, headers_of
from services.common.problems import Invalid

KEY_HEADER: Final = "Idempotency-Key"
_HEADER: Final = KEY_HEADER.lower().encode()
_KEY: Final = re.compile(r"[!-~]{1,255}")


class IdempotencyToken(Struct, frozen=True):
    """Whose key it is (`key_hash`) and for which request (`fingerprint`)."""

    key_hash: str
    fingerprint: str


def sent_key(headers: Iterable[Header]) -> str | None:
    """None without one. Raises Invalid for one that is empty, too long, or there twice."""
    keys = headers_of(headers, _HEADER)
    if not keys:
        return None
    key = keys[0].decode("latin-1") if len(keys) == 1 else ""
    require_key(key)
    return key


def require_key(key: str) -> None:
    """Raises Invalid for one that is empty or too long."""
    if not _KEY.fullmatch(key):
        detail = "Must be one key of 1 to 255 visible ASCII characters."
        raise Invalid([{"parameter": KEY_HEADER, "detail": detail}])


def token_for(principal: str, key: str | None, request_line: str, body: bytes) -> IdempotencyToken | None:
    """Hashes, so that the table holds nothing of what was sent and its rows are small.

    None without a key; raises Invalid as `require_key`.
    """
    if key is None:
        return None
    require_key(key)
    return IdempotencyToken(
        key_hash=_sha256(f"{principal}\0{key}".encode()), fingerprint=_sha256(request_line.encode() + b"\0" + body)
    )


def _sha256(what: bytes) -> str:
    return hashlib.sha256(what).hexdigest()
