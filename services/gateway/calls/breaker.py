"""A circuit breaker: after failures in a row a service is left alone, until it answers a ping and then one call."""

from typing import Final, Literal

from msgspec import Struct

MAX_FAILURES: Final = 5
PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 3.0
State = Literal["closed", "open", "half-open"]


class Breaker(Struct):
    """Is told what happens and when, and does nothing by itself.

    Closed: calls may go. Open: none may; from `ping_at` on the service may be asked whether it is back. Half open: it
    answered, and one call at a time may go to see whether that is true. Pauses double while it is not.
    """

    pause_s: float = PAUSE_S
    state: State = "closed"
    ping_at: float = 0.0
    _failures: int = 0
    _doubled: int = 0
    _trying: bool = False
    _epoch: int = 0

    def enter(self) -> int | None:
        """A permit for one call, whose outcome is to be told with it; None for no call."""
        if self.state == "open" or self._trying:
            return None
        self._trying = self.state == "half-open"
        return self._epoch

    def succeeded(self, permit: int) -> None:
        if permit != self._epoch:  # it went out before the last turn and says nothing about the present
            return
        self._failures = 0
        if self.state == "half-open":
            self._doubled = 0
            self._turn("closed")

    def failed(self, permit: int, now: float) -> None:
        if permit != self._epoch:
            return
        self._failures += 1
        if self.state == "half-open":
            self._doubled += 1
            self._open(now)
        elif self._failures >= MAX_FAILURES:
            self._open(now)

    def left(self, permit: int) -> None:
        """The call ended without telling anything about the service, as one whose caller went away."""
        if permit == self._epoch:
            self._trying = False

    def pinged(self, now: float, *, answered: bool) -> None:
        if self.state != "open":
            return
        if answered:
            self._turn("half-open")
        else:
            self.ping_at = now + self.pause_s

    def _open(self, now: float) -> None:
        self._turn("open")
        self.ping_at = now + min(self.pause_s * 2**self._doubled, LONGEST_PAUSE_S)

    def _turn(self, state: State) -> None:
        self.state = state
        self._epoch += 1
        self._failures = 0
        self._trying = False
