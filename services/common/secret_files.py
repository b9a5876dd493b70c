"""Secrets that services show each other, kept as files in one folder that only their user can read."""

import os
import secrets
import tempfile
from pathlib import Path

from services.common.settings import SettingsError


def load_or_create_secret(folder: Path, name: str) -> str:
    """The secret in `folder/name`, made when missing. Processes that race for it all get the one that won."""
    path = folder / name
    try:
        return _read(path)
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(descriptor)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()
    return _read(path)


def _read(path: Path) -> str:
    secret = path.read_text("ascii").strip()
    if not secret:
        raise SettingsError(f"{path} is empty; delete it to have a new secret made")
    return secret
