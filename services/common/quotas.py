"""How much is taken within a time."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

_UNITS: Final = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "day": timedelta(days=1)}
_QUOTA = re.compile(r"([1-9][0-9]{0,5})/(min|h|day)")


class Quota(Struct, frozen=True):
    most: int
    within: timedelta

    def free_at(self, times: Sequence[datetime], now: datetime) -> datetime | None:
        """When one more is taken, None for now. `times` are the latest, newest first, as many as `most` at least."""
        if len(times) < self.most:
            return None
        free_at = times[self.most - 1] + self.within
        return free_at if free_at > now else None


def parse_quotas(text: str) -> tuple[Quota, ...]:
    """Of `2/min 10/h 30/day`; none of empty text. Raises ValueError."""
    found = [_QUOTA.fullmatch(one) for one in text.split()]
    if not all(found):
        raise ValueError("must be numbers per min, h or day, such as 2/min 10/h")
    return tuple(Quota(int(one[1]), _UNITS[one[2]]) for one in found if one)


def free_at(quotas: Sequence[Quota], times: Sequence[datetime], now: datetime) -> datetime | None:
    """When all quotas take one more, None for now."""
    return max(filter(None, (quota.free_at(times, now) for quota in quotas)), default=None)
