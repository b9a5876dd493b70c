"""Cuts a stream of records into batches that stay below a count and a size."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from services.migration.records import CommentRecord, PostRecord

Record = TypeVar("Record", PostRecord, CommentRecord)


def batches(records: Iterable[Record], *, max_count: int, max_chars: int) -> Iterator[list[Record]]:
    """A record that is larger than `max_chars` by itself is a batch of its own."""
    batch: list[Record] = []
    chars = 0
    for record in records:
        if batch and (len(batch) == max_count or chars + len(record.body) > max_chars):
            yield batch
            batch, chars = [], 0
        batch.append(record)
        chars += len(record.body)
    if batch:
        yield batch
