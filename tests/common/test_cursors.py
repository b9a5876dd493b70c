"""Cursors come back as they went out; everything else that claims to be one is told so."""

import base64
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.cursors import TimeCursor, decode_bytes, encode_bytes
from services.common.ids import MAX_ID
from services.common.problems import Invalid

INSTANTS = st.datetimes(timezones=st.just(UTC))


@given(INSTANTS, st.integers(0, MAX_ID), st.booleans())
def test_cursor_round_trip(at: datetime, row_id: int, is_back: bool) -> None:
    cursor = TimeCursor(at, row_id, is_back)
    text = cursor.encode()
    assert TimeCursor.decode(text) == cursor
    assert text.replace("-", "").replace("_", "").isalnum()  # goes into a query as it is


@given(st.binary())
def test_bytes_round_trip(key: bytes) -> None:
    assert decode_bytes(encode_bytes(key)) == key


@given(st.text() | st.binary().map(encode_bytes) | st.binary(min_size=17, max_size=17).map(encode_bytes))
def test_any_text_is_a_cursor_or_invalid(text: str) -> None:
    try:
        cursor = TimeCursor.decode(text)
    except Invalid:
        return
    assert TimeCursor.decode(cursor.encode()) == cursor


def made_of(microseconds: int, row_id: int) -> str:
    return base64.urlsafe_b64encode(struct.pack(">qq?", microseconds, row_id, False)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "A",
        "....",
        "AAAA",
        "é" * 23,
        "A" * 22,
        "A" * 24,
        "A" * 100_000,
        "\x00" * 23,
        made_of(2**63 - 1, 1),
        made_of(-(2**63), 1),
        made_of(253_402_300_800_000_000, 1),
    ],
)
def test_text_that_no_list_gave_is_invalid(text: str) -> None:
    with pytest.raises(Invalid):
        TimeCursor.decode(text)


def test_problem_names_the_parameter_and_not_its_value() -> None:
    with pytest.raises(Invalid) as caught:
        TimeCursor.decode("<script>")
    (error,) = caught.value.extensions["errors"]
    assert error == {"parameter": "cursor", "detail": error["detail"]}
    assert "script" not in str(caught.value.members())
