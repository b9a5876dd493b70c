"""Opaque keyset cursors: where a list goes on. Any that decodes names a place in the list and nothing else."""

import base64
import binascii
import struct
from datetime import datetime

from msgspec import Struct

from services.common.microseconds import from_microseconds, to_microseconds
from services.common.problems import Invalid

_TIME_AND_ID = struct.Struct(">qq?")
_NUMBER = struct.Struct(">q?B")


class TimeCursor(Struct, frozen=True):
    """The place after the row with this time and id, in a list ordered by both; before it when it goes back."""

    at: datetime
    row_id: int
    is_back: bool = False

    def encode(self) -> str:
        return encode_bytes(_TIME_AND_ID.pack(to_microseconds(self.at), self.row_id, self.is_back))

    @classmethod
    def decode(cls, text: str) -> "TimeCursor":
        """Raises Invalid for what is no place in such a list."""
        try:
            microseconds, row_id, is_back = _TIME_AND_ID.unpack(decode_bytes(text))
            return cls(from_microseconds(microseconds), row_id, is_back)
        except (struct.error, OverflowError) as exc:
            raise invalid_cursor() from exc


class NumberCursor(Struct, frozen=True):
    """The place after a number in a list ordered by it, or by a group first; before it when it goes back."""

    number: int
    is_back: bool = False
    group: int = 0

    def encode(self) -> str:
        return encode_bytes(_NUMBER.pack(self.number, self.is_back, self.group))

    @classmethod
    def decode(cls, text: str) -> "NumberCursor":
        """Raises Invalid for what is no place in such a list."""
        try:
            return cls(*_NUMBER.unpack(decode_bytes(text)))
        except struct.error as exc:
            raise invalid_cursor() from exc


def encode_text(key: str) -> str:
    return encode_bytes(key.encode())


def decode_text(text: str) -> str:
    """Raises Invalid for what is no text that can be stored."""
    try:
        key = decode_bytes(text).decode()
    except UnicodeDecodeError as exc:
        raise invalid_cursor() from exc
    if "\0" in key:
        raise invalid_cursor()
    return key


def encode_bytes(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def decode_bytes(text: str) -> bytes:
    """Raises Invalid for text that is not base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as exc:
        raise invalid_cursor() from exc


def invalid_cursor() -> Invalid:
    return Invalid([{"parameter": "cursor", "detail": "Not a cursor of this list: pass back next_cursor unchanged."}])
