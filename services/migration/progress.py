"""What an import, an export or another long work tells about how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Told how far the work is."""

    def start(self, what: str, total: int | None) -> None:
        """None where it is not known how much there is."""

    def advance(self, count: int) -> None: ...
