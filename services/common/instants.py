"""Points in time from outside."""

from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime

# A year inside of what datetime can hold, so that no zone can push one over the edge.
_FIRST: Final = datetime(2, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9998, 12, 31, tzinfo=UTC)


def is_usable(at: datetime) -> bool:
    return _FIRST <= at <= _LAST


def _check(at: datetime) -> datetime:
    if not is_usable(at):
        raise ValueError("must lie in the years 2 to 9998")
    return at.astimezone(UTC)


InstantIn = Annotated[AwareDatetime, AfterValidator(_check)]
"""A time with an offset."""
