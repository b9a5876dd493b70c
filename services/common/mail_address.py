"""E-mail addresses from outside."""

import re
from typing import Final

MAX_CHARS: Final = 254
_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_MAX_LOCAL_CHARS: Final = 64
_WRONG: Final = "must be an e-mail address such as ann@example.org"


def mail_address(text: str) -> str:
    """The address in its regular form: small letters, which no server minds today, and the domain in ASCII.

    Raises ValueError for others than a dot-atom at a domain (RFC 5321, 4.1.2): no quoted names, no address literals.
    """
    local, _, domain = text.lower().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError as exc:
        raise ValueError(_WRONG) from exc
    address = f"{local}@{ascii_domain}"
    is_short = len(local) <= _MAX_LOCAL_CHARS and len(address) <= MAX_CHARS
    if not (is_short and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)):
        raise ValueError(_WRONG)
    return address
