"""What an import tells about how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Told how far the work is."""

    def start(self, what: str, total: int) -> None: ...

    def advance(self, count: int) -> None: ...
