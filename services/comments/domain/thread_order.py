"""The place of a comment in its thread: keys that sort depth-first, replies oldest first.

A key is its parent's key and one component: the time in microseconds, then the end of the id for those that share it.
"""

from datetime import datetime
from typing import Final

from msgspec import Struct

from services.common.microseconds import to_microseconds

MAX_DEPTH: Final = 64
"""Replies below this depth stand at it, beside what they answer; their `parent_id` still tells."""
_TIME_BYTES: Final = 8
_ID_BYTES: Final = 4
COMPONENT_BYTES: Final = _TIME_BYTES + _ID_BYTES


class Place(Struct, frozen=True):
    depth: int
    order_key: bytes

    @property
    def root_key(self) -> bytes:
        """Of the comment at the top of its sub-thread."""
        return root_of(self.order_key)


def root_of(order_key: bytes) -> bytes:
    """The key of the comment at the top of the sub-thread."""
    return order_key[:COMPONENT_BYTES]


def keys_above(order_key: bytes) -> list[bytes]:
    """Of the comments that a reply stands below, from the top."""
    return [order_key[:end] for end in range(COMPONENT_BYTES, len(order_key), COMPONENT_BYTES)]


def place(parent: Place | None, published_at: datetime, comment_id: int) -> Place:
    own = _component(published_at, comment_id)
    if parent is None:
        return Place(0, own)
    depth = min(parent.depth + 1, MAX_DEPTH)
    return Place(depth, parent.order_key[: depth * COMPONENT_BYTES] + own)


def _component(published_at: datetime, comment_id: int) -> bytes:
    time = max(to_microseconds(published_at), 0).to_bytes(_TIME_BYTES, "big")
    return time + (comment_id % 256**_ID_BYTES).to_bytes(_ID_BYTES, "big")
