"""What the filter judges."""

from msgspec import Struct


class Example(Struct, frozen=True):
    """A comment as it was written; the filter reads no more than 5,000 characters of its text."""

    text: str
    author_name: str | None = None
    author_url: str | None = None
