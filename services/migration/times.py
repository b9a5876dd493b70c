"""Reads points in time out of foreign files."""

from datetime import UTC, datetime

from services.common.instants import is_usable


def time_of(text: str) -> datetime:
    """In UTC. Raises ValueError when it is unreadable, without a zone or out of range."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    if not is_usable(moment):
        raise ValueError(f"{text!r} is out of range")
    return moment.astimezone(UTC)


def time_of_seconds(seconds: float) -> datetime:
    """Of seconds since 1970. Raises ValueError when it is no number or out of range."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as exc:
        raise ValueError(f"{seconds!r} is out of range") from exc
    if not is_usable(moment):
        raise ValueError(f"{seconds!r} is out of range")
    return moment
