"""What a command works on: a data folder that it opens itself, or a Dateline behind a running gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from msgspec import Struct

from services.cli.says import Stop
from services.cli.server_file import server_of
from services.common.sqlite_lock import DatabaseBusyError

if TYPE_CHECKING:
    import httpx

Data = Annotated[Path, typer.Option(help="The data folder to fill; no server may have it open.")]
To = Annotated[str | None, typer.Option(help="The URL of a running gateway to import through.")]
Key = Annotated[
    str | None, typer.Option(help="With --to: an API key with the scope import:run.", envvar="DATELINE_KEY")
]
ThisData = Annotated[Path, typer.Option("--data", help="The data folder; no server may have it open.")]
ThisTo = Annotated[str | None, typer.Option("--to", help="The URL of a running gateway instead.")]


class Need(Struct, frozen=True):
    """What a command does, and the scopes that it takes, separated by commas; `is_there`: the folder must have data."""

    does: str
    scopes: str
    is_there: bool = False


_IMPORT: Final = Need("import", "import:run")


@asynccontextmanager
async def destination(
    data: Path, to: str | None, key: str | None, need: Need = _IMPORT
) -> AsyncIterator["httpx.AsyncClient"]:
    """Raises Stop, which says what to do, when a server has the folder."""
    from services.cli.api import of_folder, of_server

    if to is not None and key is None:
        scopes = need.scopes.replace(",", " and ")
        raise Stop(f"--to needs --key, an API key with the scope {scopes}.")
    if to is None and need.is_there:
        _require_data(data)
    try:
        async with of_folder(data) if to is None else of_server(to, key or "") as api:
            yield api
    except DatabaseBusyError as exc:
        url = server_of(data, exc.pid) or "URL"
        raise Stop(
            f"A running server has {data} open. Stop it first, or {need.does} through it with --to {url} --key KEY, "
            f"where KEY is what `dateline key create --scopes {need.scopes} --data {data}` prints."
        ) from exc


def _require_data(data: Path) -> None:
    """Raises Stop instead of making a new Dateline out of a mistyped name."""
    from services.cli.folder_settings import POSTS_FILE, EmbeddedSettings

    if EmbeddedSettings.for_folder(data, "http://localhost").posts_are_in(data) and not (data / POSTS_FILE).exists():
        raise Stop(f"There is no Dateline in {data}.")
