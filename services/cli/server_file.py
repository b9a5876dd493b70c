"""Where the server of a data folder is reached, left in the folder for commands run beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NAME = "server.url"


@contextmanager
def server_file(data: Path, url: str) -> Iterator[None]:
    """Names the server while it runs. After a kill the file stays; the process id tells it from a new server's."""
    path = data / _NAME
    path.write_text(f"{os.getpid()} {url}", "utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def server_of(data: Path, pid: str) -> str | None:
    """The server's URL, if it is this process that left it: a key must not be sent to whoever listens there now."""
    try:
        owner, _, url = (data / _NAME).read_text("utf-8").partition(" ")
    except FileNotFoundError:
        return None
    return url if owner == pid else None
