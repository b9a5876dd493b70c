"""Batches stay below a count and a size, lose nothing and keep the order."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.migration.batches import batches
from services.migration.records import PostRecord


def post(chars: int) -> PostRecord:
    return PostRecord(f"id-{chars}", "post", "live", "T", "x" * chars, "html", None)


def sizes(chars: list[int], *, max_count: int, max_chars: int) -> list[list[int]]:
    cut = batches(map(post, chars), max_count=max_count, max_chars=max_chars)
    return [[len(record.body) for record in batch] for batch in cut]


@pytest.mark.parametrize(
    ("chars", "expected"),
    [
        ([], []),
        ([0], [[0]]),
        ([1, 1, 1], [[1, 1, 1]]),
        ([1, 1, 1, 1], [[1, 1, 1], [1]]),
        ([5, 5, 1], [[5, 5], [1]]),
        ([6, 5], [[6], [5]]),
        ([10, 0, 0, 0], [[10, 0, 0], [0]]),
        ([11], [[11]]),
        ([1, 11, 1], [[1], [11], [1]]),
        ([11, 12], [[11], [12]]),
    ],
)
def test_batches_are_cut_at_three_records_and_ten_characters(chars: list[int], expected: list[list[int]]) -> None:
    assert sizes(chars, max_count=3, max_chars=10) == expected


@given(st.lists(st.integers(0, 30)), st.integers(1, 5), st.integers(1, 40))
def test_batches_keep_all_in_order_within_limits(chars: list[int], max_count: int, max_chars: int) -> None:
    cut = sizes(chars, max_count=max_count, max_chars=max_chars)
    assert [one for batch in cut for one in batch] == chars
    assert all(1 <= len(batch) <= max_count for batch in cut)
    assert all(sum(batch) <= max_chars or len(batch) == 1 for batch in cut)


def test_batches_read_no_further_than_needed() -> None:
    """An export may be larger than memory."""
    read: list[int] = []

    def records() -> Iterator[PostRecord]:
        for number in range(100):
            read.append(number)
            yield post(1)

    next(batches(records(), max_count=10, max_chars=1000))
    assert len(read) == 11
