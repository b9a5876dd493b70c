"""Where an import goes: into a data folder that the command opens itself, or through a running gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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


@asynccontextmanager
async def destination(data: Path, to: str | None, key: str | None) -> AsyncIterator["httpx.AsyncClient"]:
    """Raises Stop, which says what to do, when a server has the folder."""
    from services.cli.api import of_folder, of_server

    if to is not None and key is None:
        raise Stop("--to needs --key, an API key with the scope import:run.")
    try:
        async with of_folder(data) if to is None else of_server(to, key or "") as api:
            yield api
    except DatabaseBusyError as exc:
        url = server_of(data, exc.pid) or "URL"
        raise Stop(
            f"A running server has {data} open. Stop it first, or import through it with --to {url} --key KEY, "
            f"where KEY is what `dateline key create --scopes import:run --data {data}` prints."
        ) from exc
