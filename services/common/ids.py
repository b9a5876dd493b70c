"""Ids of new rows: 63-bit integers that grow with time, decimal strings in JSON."""

import secrets
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta
from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema

from services.common.clock import Clock

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
RANDOM_BITS = 22
MAX_ID = 2**63 - 1


class IdSource:
    """Hands out ids: 41 bits of milliseconds since 2020 (until 2089), then 22 bits that keep processes apart."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def __call__(self) -> int:
        milliseconds = int((self._clock() - EPOCH).total_seconds() * 1000)
        fresh = (milliseconds << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)
        self._last = fresh if fresh > self._last else self._last + 1
        return self._last


def parse_id(text: str) -> int:
    """The integer behind a decimal string; raises ValueError for anything that is not an id in 1..2^63-1."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID)) and 0 < int(text) <= MAX_ID):
        raise ValueError("not an id: a decimal number from 1 to 9223372036854775807")
    return int(text)


def _check(text: str) -> str:
    return str(parse_id(text))


Id = Annotated[str, Field(pattern="^[0-9]{1,19}$"), AfterValidator(_check)]
"""An id in a request or an answer."""

IdNumber = Annotated[int, Meta(ge=1, le=MAX_ID)]
"""An id that another service asks with, in digits."""

IdOut = Annotated[int, PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})]
"""An id in an answer, kept as an integer until it is written."""
