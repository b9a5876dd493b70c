"""What may be blocked, in the one form in which it is kept and compared."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, Literal

from services.comments.domain.said import as_followed, is_of_letters, joined, may_be_host, steps_at, words_of

Kind = Literal["word", "link", "address"]
Network = IPv4Network | IPv6Network
MAX_WORD: Final = 100
MAX_WORDS: Final = 12
"""In a row; letters of scripts without spaces count as words."""
_WRONG_WORD: Final = (
    "must be up to 12 words or 100 characters: letters and digits, with spaces, hyphens or apostrophes between them"
)
_WRONG_LINK: Final = "must be a host such as spam.example, also with the beginning of a path: host.example/spam"
_WRONG_ADDRESS: Final = (
    "must be an IP address, a network of /8 to /32 (IPv6: /16 to /128), or an address_hash of the queue"
)
_BETWEEN = re.compile(r"[\s'\u2019-]+")
_START_OF_LINK = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_WWW = re.compile(r"(?:www\.)+", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?=.{4,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_HASH = re.compile(r"[0-9a-f]{16,64}")
_WIDEST: Final = {4: 8, 6: 16}
_MAPPED_BITS: Final = 96
"""Before an IPv4 address within IPv6: RFC 4291, 2.5.5.2."""


def block_value(kind: Kind, value: str) -> str:
    """Raises ValueError, saying what it must be, for what cannot be blocked."""
    return {"word": _word, "link": _link, "address": _address}[kind](value.strip())


def network_of(value: str) -> Network | None:
    """Of an address that is blocked; None of a hash."""
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return None
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is None or network.prefixlen < _MAPPED_BITS:
        return network
    return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))


def _word(value: str) -> str:
    words, parts = words_of(value), filter(None, _BETWEEN.split(value))
    if not 1 <= len(words) <= MAX_WORDS or len(joined(words)) > MAX_WORD or not all(map(is_of_letters, parts)):
        raise ValueError(_WRONG_WORD)
    read = joined(words)
    if joined(words_of(read)) != read:  # s p a c e d letters, which are read as one word
        raise ValueError(_WRONG_WORD)
    return read


def _link(value: str) -> str:
    host, _, path = _WWW.sub("", _START_OF_LINK.sub("", value, count=1), count=1).partition("/")
    followed = as_followed(path).strip("/")
    steps = steps_at(f"/{followed}", 0)
    if followed != "/".join(steps):
        raise ValueError(_WRONG_LINK)
    return "/".join([_host(host), *steps])


def _host(host: str) -> str:
    try:
        name = host.strip(".").encode("idna").decode().lower()
    except UnicodeError as exc:
        raise ValueError(_WRONG_LINK) from exc
    if not _HOST_NAME.fullmatch(name) or not may_be_host(name):  # such as one with a sign that is no letter
        raise ValueError(_WRONG_LINK)
    return name


def _address(value: str) -> str:
    network = network_of(value)
    if network is None and _HASH.fullmatch(value):
        return value
    if network is None or "%" in value or network.prefixlen < _WIDEST[network.version]:
        raise ValueError(_WRONG_ADDRESS)
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)
