"""Where the server of a data folder is reached, left in the folder for commands run beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = "server.url"


@contextmanager
def server_file(data: Path, url: str) -> Iterator[None]:
    """Names the server while it runs. After a kill the file stays, but nothing reads it while the folder is free."""
    path = data / _NAME
    path.write_text(url, "utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def server_of(data: Path) -> str | None:
    try:
        return (data / _NAME).read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None
