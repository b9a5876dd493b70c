"""What moderators decide about comments, and what becomes of them."""

from datetime import timedelta
from typing import Final, Literal

from services.comments.domain.store import State

Action = Literal["approve", "spam", "remove", "restore"]
UNDO_WITHIN: Final = timedelta(days=30)
"""How long `restore` takes the last decision back; it takes back no restoring, so that it may be sent again."""
_BECOMES: Final[dict[Action, State]] = {"approve": "live", "spam": "spam", "remove": "removed"}


def becomes(action: Action, state: State, state_before: State | None) -> State:
    """The state after an action. `state_before` is that before the last decision, None when it is too long ago.

    What its author deleted stays deleted.
    """
    if state == "deleted":
        return state
    return state_before or state if action == "restore" else _BECOMES[action]


def lesson(action: Action, was: State, became: State) -> bool | None:
    """What the filter learns: whether the comment is spam. Nothing from what says nothing about that."""
    if was == became:
        return None
    if became == "spam":
        return True
    return False if became == "live" and action in {"approve", "restore"} and was in {"held", "spam"} else None
