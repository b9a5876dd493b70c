"""Whose request it is, seen through the proxies that the operator trusts."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

import structlog

from services.common.callers import Address, parsed_address

Network = IPv4Network | IPv6Network
_MAX_HOPS: Final = 20


class TrustedProxies:
    """Those whose `X-Forwarded-For` is believed. Everybody else's says nothing: anybody can send one."""

    def __init__(self, networks: str) -> None:
        self._networks = parse_networks(networks)
        self._has_warned = False

    def client_of(self, peer: str | None, forwarded_for: Sequence[str]) -> Address | None:
        """The nearest address that is no trusted proxy's; None where the peer has none, as on a Unix socket.

        Behind what is no address nothing is believed: the proxy before it is the client then.
        """
        client = _address(peer or "")
        if client is None or not forwarded_for:
            return client
        if not self._trusts(client):
            self._warn(client)
            return client
        for hop in reversed(",".join(forwarded_for).rsplit(",", _MAX_HOPS)[-_MAX_HOPS:]):
            nearer, client = client, _address(hop)
            if client is None:
                return nearer
            if not self._trusts(client):
                break
        return client

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def _warn(self, peer: Address) -> None:
        if not self._has_warned:
            structlog.stdlib.get_logger("dateline.gateway").warning(
                "X-Forwarded-For comes from a peer that DATELINE_TRUSTED_PROXIES does not name; if it is a proxy of "
                "yours, all its readers count as one",
                peer=str(peer),
            )
        self._has_warned = True


def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks separated by spaces or commas; raises ValueError."""
    return tuple(ip_network(one) for one in text.replace(",", " ").split())


@lru_cache(maxsize=1024)
def _address(text: str) -> Address | None:
    """Also with a port or in brackets, as some proxies write it. An IPv4 address within IPv6 is itself."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = parsed_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
