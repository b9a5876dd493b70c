"""Ids grow, stay apart, fit 63 bits, and are decimal strings outside."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from services.common.ids import EPOCH, MAX_ID, RANDOM_BITS, Id, IdOut, IdSource, parse_id

NOW = datetime(2026, 3, 14, tzinfo=UTC)


class Asked(BaseModel):
    id: Id


class Answered(BaseModel):
    id: IdOut


def test_ids_grow_within_one_millisecond() -> None:
    source = IdSource(lambda: NOW)
    ids = [source() for _ in range(5000)]
    assert ids == sorted(set(ids))


def test_ids_grow_when_the_clock_goes_back() -> None:
    times = [NOW, NOW - timedelta(hours=1), NOW - timedelta(hours=1), NOW + timedelta(seconds=1)]
    source = IdSource(iter(times).__next__)
    ids = [source() for _ in times]
    assert ids == sorted(set(ids))


def test_ids_tell_their_time() -> None:
    first, later = IdSource(lambda: NOW)(), IdSource(lambda: NOW + timedelta(milliseconds=1))()
    assert (first >> RANDOM_BITS) * timedelta(milliseconds=1) + EPOCH == NOW
    assert (later >> RANDOM_BITS) == (first >> RANDOM_BITS) + 1


def test_ids_of_two_processes_differ() -> None:
    one, other = IdSource(lambda: NOW), IdSource(lambda: NOW)
    assert len({one(), other(), IdSource(lambda: NOW)()}) > 1


@pytest.mark.parametrize("at", [EPOCH + timedelta(milliseconds=1), datetime(2089, 1, 1, tzinfo=UTC)])
def test_ids_fit_63_bits(at: datetime) -> None:
    assert 0 < IdSource(lambda: at)() <= MAX_ID


@given(st.integers(1, MAX_ID))
def test_id_round_trip(number: int) -> None:
    text = Answered(id=number).model_dump(mode="json")["id"]
    assert text == str(number)
    assert parse_id(text) == number
    assert Asked.model_validate({"id": text}).id == text


def test_id_with_zeros_before_it_is_the_same() -> None:
    assert Asked.model_validate({"id": "007"}).id == "7"


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "+1", "1.0", "1e3", " 1", "1\n", "0x1", "1_000", "\u0661", "²", str(MAX_ID + 1), "9" * 5000]
)
def test_other_text_is_no_id(text: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        parse_id(text)
    with pytest.raises(ValidationError):
        Asked.model_validate({"id": text})


@given(st.text())
def test_any_text_is_an_id_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert 0 < parse_id(text) <= MAX_ID


def test_id_in_json_is_a_string_only() -> None:
    """Programs whose numbers are doubles would round it."""
    with pytest.raises(ValidationError):
        Asked.model_validate_json('{"id": 12}')
    for model in (Asked, Answered):
        assert model.model_json_schema(mode="serialization")["properties"]["id"]["type"] == "string"
