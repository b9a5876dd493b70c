"""Who votes, as far as that is kept: nobody's address, and nothing that ties one comment's voters to another's."""

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

from msgspec import Struct

VOTES_AN_HOUR: Final = 60
"""Of one network: a household, or an office behind one address."""
_HOUR: Final = timedelta(hours=1)
_VISITORS_BITS: Final = 64
"""Of an IPv6 address: the rest of it a visitor chooses and changes freely."""


class Voter(Struct, frozen=True):
    """Somebody at an address; all whose address is not known are one."""

    key: str
    address: IPv4Address | IPv6Address | None

    def hash_for(self, comment_id: int) -> str:
        return self._hash(f"comment {comment_id}")

    def hash_in(self, hour: int) -> str:
        """Of its network in an hour."""
        return self._hash(f"hour {hour}")

    def _hash(self, about: str) -> str:
        return hmac.new(self.key.encode(), f"{about} {self._network}".encode(), hashlib.sha256).hexdigest()

    @property
    def _network(self) -> str:
        bits = _VISITORS_BITS if isinstance(self.address, IPv6Address) else 32
        return "unknown" if self.address is None else str(ip_network((self.address, bits), strict=False))


def hour_of(at: datetime) -> int:
    return int(at.timestamp()) // _HOUR.seconds


def seconds_left(at: datetime) -> int:
    """Of the hour."""
    return _HOUR.seconds - int(at.timestamp()) % _HOUR.seconds
