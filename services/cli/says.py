"""What commands say to people: sentences instead of tracebacks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from services.common.mendable import MendableError


class Stop(MendableError):  # noqa: N818 it is the end of a command, said in a sentence
    """Ends a command with a sentence."""


@contextmanager
def sentences() -> Iterator[None]:
    """Turns what an operator can mend into a sentence on standard error and exit status 1."""
    try:
        yield
    except MendableError as exc:
        print(f"dateline: {exc}", file=sys.stderr)
        raise typer.Exit(1) from exc
