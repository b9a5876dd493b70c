"""How far everything has been asked for anew, kept where the place in the feed of posts is kept otherwise."""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

_MARK: Final = "anew"


class Sweep(Struct, frozen=True):
    """All posts up to the id `last` are taken over, `taken` of them; then the feed is followed from `head`."""

    head: str
    last: str | None = None
    taken: int = 0

    def encode(self) -> str:
        return f"{_MARK} {self.head} {self.last or 0} {self.taken}"

    @classmethod
    def decode(cls, place: str) -> "Sweep | None":
        """None for a place in the feed."""
        mark, *parts = place.split(" ")
        if mark != _MARK:
            return None
        head, last, taken = parts
        return cls(head, None if last == "0" else last, int(taken))

    def after(self, last: str, count: int) -> "Sweep":
        return replace(self, last=last, taken=self.taken + count)
