"""Where comments come from: networks, never kept but as hashes by a key that is forgotten."""

import hmac
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import Final

Address = IPv4Address | IPv6Address
SALT_LASTS: Final = timedelta(days=30)
QUOTAS_LOOK_BACK: Final = timedelta(days=1)
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
_HOST_BITS: Final = 64
"""Of an IPv6 address."""
_HEX_DIGITS: Final = 16


def period_of(now: datetime) -> int:
    """The number of the time within which networks have the same hash."""
    return (now - _EPOCH) // SALT_LASTS


def periods_for_quotas(now: datetime) -> list[int]:
    """The present one first, and the one before where quotas look back into it."""
    return sorted({period_of(now), period_of(now - QUOTAS_LOOK_BACK)}, reverse=True)


def network_hash(address: Address, secret: str, salt: bytes) -> str:
    """Of the /24 or the /64 that holds the address: who has one has its neighbours."""
    if isinstance(address, IPv4Address):
        first, second, third, _ = address.packed
        network = f"{first}.{second}.{third}.0/24"
    else:
        network = f"{IPv6Address(int(address) >> _HOST_BITS << _HOST_BITS)}/{128 - _HOST_BITS}"
    return hmac.digest(secret.encode() + salt, network.encode(), "sha256").hex()[:_HEX_DIGITS]
