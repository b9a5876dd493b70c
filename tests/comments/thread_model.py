"""A thread as it is said to behave, in a few lines, for comparison with the real one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

UNDO_WITHIN: Final = timedelta(days=30)
EDITED_WITHIN: Final = timedelta(minutes=15)
STATES: Final = ("live", "held", "spam", "removed", "deleted")
_DECIDED: Final = {"approve": "live", "spam": "spam", "remove": "removed"}


@dataclass(eq=False)
class Said:
    """A comment. `has_place`: readers see it, or that it was there."""

    id: str
    parent: "Said | None"
    published: datetime
    state: str
    has_place: bool
    token: str | None = None
    """Its author's, as long as it may be used; None of those brought in."""
    last: tuple[str, str, datetime] | None = None
    """The last decision: what it was, the state before, when it was made."""

    def decide(self, action: str, now: datetime) -> None:
        became = self._after(action, now)
        if became != self.state:
            self.last = (action, self.state, now)
            self.state, self.has_place = became, became == "live"

    def _after(self, action: str, now: datetime) -> str:
        if self.state == "deleted":
            return self.state
        if action != "restore":
            return _DECIDED[action]
        if self.last is None or self.last[0] == "restore" or now - self.last[2] > UNDO_WITHIN:
            return self.state
        return self.last[1]


@dataclass
class ThreadModel:
    """A post and what was said about it; `holds` when everything waits for a moderator."""

    said: list[Said] = field(default_factory=list)
    is_live: bool = True
    policy: str = "open"
    holds: bool = False

    def refusal(self, parent: Said | None) -> int | None:
        """The status of what a reader may not write."""
        if not self.is_live:
            return 404
        if self.policy != "open":
            return 409
        return 422 if parent is not None and parent.state != "live" else None

    def decide(self, one: Said, action: str, now: datetime) -> None:
        had_place = one.has_place
        one.decide(action, now)
        if one.has_place != had_place:
            self._settle(one)

    def edit(self, one: Said, now: datetime) -> bool:
        """Whether its author may. It is never shown because of that, but it may have to wait."""
        if one.state == "deleted" or now - one.published > EDITED_WITHIN:
            return False
        if one.state == "live" and self.holds:
            one.state, one.has_place = "held", False
            self._settle(one)
        return True

    def delete(self, one: Said, now: datetime) -> bool:
        """Whether its author may. Its place stays as long as something stands below it."""
        if now - one.published > EDITED_WITHIN:
            return False
        if one.state != "deleted":
            had_place = one.has_place
            one.has_place = had_place and any(below.has_place for below in self._below(one))
            one.state = "deleted"
            if one.has_place != had_place:
                self._settle(one)
        return True

    def shown(self) -> list[tuple[str, str | None, bool]]:
        """Id, what it answers as far as that is shown, whether it is deleted: depth first, replies oldest first."""
        return [
            (one.id, one.parent.id if one.parent and one.parent.has_place else None, one.state == "deleted")
            for one in self._below(None)
            if one.has_place
        ]

    def count(self) -> int:
        return sum(one.state == "live" for one in self.said)

    def queue(self, state: str) -> list[str]:
        """Newest first."""
        of_state = [one for one in self.said if one.state == state]
        return [one.id for one in sorted(of_state, key=lambda one: (one.published, int(one.id)), reverse=True)]

    def _settle(self, one: Said) -> None:
        """Deleted comments have a place as long as something stands below them."""
        above = one.parent
        while above is not None:
            if above.state == "deleted":
                above.has_place = any(below.has_place for below in self._below(above))
            above = above.parent

    def _below(self, parent: Said | None) -> Iterator[Said]:
        for one in sorted((one for one in self.said if one.parent is parent), key=_place):
            yield one
            yield from self._below(one)


def _place(one: Said) -> Any:
    """The end of the id tells those of one moment apart."""
    return one.published, int(one.id) % 256**4
