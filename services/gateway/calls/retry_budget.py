"""How many calls may be made a second time: a tenth of all, so that retries never double the load on what is weak."""

from typing import Final

from msgspec import Struct

_SHARE: Final = 0.1
_MOST_SAVED: Final = 10.0


class RetryBudget(Struct):
    """What is not spent is saved, up to ten retries."""

    _saved: float = 0.0

    def earn(self) -> None:
        """For every call that is made a first time."""
        self._saved = min(self._saved + _SHARE, _MOST_SAVED)

    def spend(self) -> bool:
        """Whether there is a retry left, which is taken."""
        if self._saved < 1:
            return False
        self._saved -= 1
        return True
