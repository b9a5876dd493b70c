"""What an editor says of the related posts of one post."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Computed = Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Ids of posts, pinned ones in order. None: as the blog's settings say."""

    pinned: Sequence[int] = ()
    forbidden: Sequence[int] = ()
    computed: Computed | None = None
    shown: int | None = None
