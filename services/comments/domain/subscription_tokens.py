"""What stands in the links of mails: a subscription's id, signed, so that nothing of it has to be stored."""

import hashlib
import hmac

from services.common.ids import parse_id


def token_of(subscription_id: int, secret: str) -> str:
    return f"{subscription_id}.{_signature(subscription_id, secret)}"


def subscription_of(token: str, secret: str) -> int | None:
    """None for what was not signed with this secret."""
    number, _, given = token.partition(".")
    try:
        subscription_id = parse_id(number)
    except ValueError:
        return None
    expected = _signature(subscription_id, secret)
    return subscription_id if hmac.compare_digest(given.encode(errors="replace"), expected.encode()) else None


def _signature(subscription_id: int, secret: str) -> str:
    return hmac.new(secret.encode(), f"subscription {subscription_id}".encode(), hashlib.sha256).hexdigest()
