"""Where a page of a thread begins. A cursor names the same place in either order of reading."""

from typing import Final, Literal

from msgspec import Struct

from services.comments.domain.thread_order import COMPONENT_BYTES, MAX_DEPTH
from services.common.cursors import decode_bytes, encode_bytes, invalid_cursor

Order = Literal["oldest", "newest"]
"""Of sub-threads, by their top comments. Inside a sub-thread replies are always oldest first."""
_AT, _AFTER = b"\0", b"\1"
_LENGTHS: Final = range(1 + COMPONENT_BYTES, 1 + COMPONENT_BYTES * (MAX_DEPTH + 1) + 1, COMPONENT_BYTES)


class ThreadCursor(Struct, frozen=True):
    """At the comment with this key, or after it."""

    order_key: bytes
    is_after: bool = False

    def encode(self) -> str:
        return encode_bytes((_AFTER if self.is_after else _AT) + self.order_key)

    @classmethod
    def decode(cls, text: str) -> "ThreadCursor":
        """Raises Invalid for what is no place in a thread."""
        place = decode_bytes(text)
        if len(place) not in _LENGTHS or place[:1] not in {_AT, _AFTER}:
            raise invalid_cursor()
        return cls(place[1:], is_after=place[:1] == _AFTER)
