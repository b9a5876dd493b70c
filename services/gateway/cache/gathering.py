"""What is noted while one request is answered: which changes would make its page another, whom it wrote to."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct, field


class Noted(Struct):
    """`tags` are empty for what is not to be stored. `is_partial`: something is missing that comes back by itself.

    `touched` are tags of what was written, as far as its owners told them; who did not, stands in `written_to`.
    `takes_down`: something that readers were shown may have been taken away; `unsure` are tags of what may have been,
    or not: the service died over it.
    """

    tags: set[str] = field(default_factory=set)
    is_partial: bool = False
    written_to: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    takes_down: bool = False
    unsure: set[str] = field(default_factory=set)


_current: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[Noted]:
    """What is noted inside, by whatever this task calls."""
    noted = Noted()
    token = _current.set(noted)
    try:
        yield noted
    finally:
        _current.reset(token)


def shows(*tags: str) -> None:
    """The answer that is being made shows what these tags name."""
    if (noted := _current.get()) is not None:
        noted.tags.update(tags)


def lacks_something() -> None:
    if (noted := _current.get()) is not None:
        noted.is_partial = True


def wrote_to(service: str, taken_down: str | None, touched: Collection[str] | None = None) -> None:
    """`touched` is all that the write changed, if its owner told it."""
    if (noted := _current.get()) is not None:
        noted.takes_down |= taken_down is not None
        if touched is None:
            noted.written_to.add(service)
        else:
            noted.touched.update(touched)


def may_have_taken_down(tag: str) -> None:
    if (noted := _current.get()) is not None:
        noted.unsure.add(tag)
