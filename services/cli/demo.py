"""Demo content for an empty data folder."""

from pathlib import Path
from typing import Final

import httpx

from services.cli.folder_settings import POSTS_FILE

_MARK: Final = ".filling-with-demo"


def wants_demo(data: Path) -> bool:
    """Whether the folder is new, or the filling of it was interrupted. Marks it as being filled."""
    mark = data / _MARK
    if not mark.exists() and (data / POSTS_FILE).exists():
        return False
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()
    return True


async def fill_with_demo(api: httpx.AsyncClient, data: Path) -> None:
    # only here: servers that have their content keep what these take, 4 MiB
    from services.cli.progress import shown_progress
    from services.migration.demo import demo_export
    from services.migration.report import Report
    from services.migration.sender import Sender

    with shown_progress() as progress:
        await Sender(api, progress, Report()).send(demo_export())
    (data / _MARK).unlink()
