"""The lock beside a SQLite file: one process at a time writes it."""

import fcntl
import os
from pathlib import Path

from services.common.mendable import MendableError


class DatabaseBusyError(MendableError, RuntimeError):
    """Another process writes this SQLite file. `pid` is that process, empty if it is not known."""

    def __init__(self, path: Path, pid: str) -> None:
        super().__init__(
            f"{path} is open in another process ({f'pid {pid}' if pid else 'pid unknown'}); "
            "only one process at a time may write a SQLite file"
        )
        self.path, self.pid = path, pid


def hold_file(path: Path) -> int:
    """An open descriptor that holds the file's lock; the kernel lets go of it when the process ends, however.

    Raises DatabaseBusyError when another process has it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        holder = os.read(descriptor, 20).decode(errors="replace").strip()
        os.close(descriptor)
        raise DatabaseBusyError(path, holder) from exc
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def refuse_if_held(path: Path) -> None:
    """Raises DatabaseBusyError when another process has the file: to know it early spares the imports of an app."""
    os.close(hold_file(path))
