"""What the filter judges."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A comment as it was written; the filter reads no more than 5,000 characters of its text."""

    text: str
    author_name: str | None = None
    author_url: str | None = None
