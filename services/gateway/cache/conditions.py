"""Whether a reader has what would be sent (RFC 9110, 13.1.2)."""


def is_known(if_none_match: bytes, etag: bytes) -> bool:
    """Weak tags match as well: proxies that pack bodies weaken them."""
    if if_none_match == etag:
        return True
    if if_none_match.strip() == b"*":
        return True
    return any(one.strip().removeprefix(b"W/") == etag for one in if_none_match.split(b","))
