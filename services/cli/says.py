"""What commands say to people: sentences instead of tracebacks."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer

from services.common.postgres import DatabaseUnreachableError
from services.common.settings import SettingsError
from services.common.sqlite import DatabaseBusyError
from services.migration.blogger import NotABloggerExport
from services.migration.calls import ImportFailed
from services.migration.comment_files import NotACommentFile


class Stop(Exception):  # noqa: N818 it is the end of a command, said in a sentence
    """Ends a command with a sentence."""


_MENDABLE: Final = (
    Stop,
    SettingsError,
    DatabaseBusyError,
    DatabaseUnreachableError,
    NotABloggerExport,
    NotACommentFile,
    ImportFailed,
)


@contextmanager
def sentences() -> Iterator[None]:
    """Turns what an operator can mend into a sentence on standard error and exit status 1."""
    try:
        yield
    except _MENDABLE as exc:
        print(f"dateline: {exc}", file=sys.stderr)
        raise typer.Exit(1) from exc
