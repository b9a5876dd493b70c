"""`dateline import`: content of other systems."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated

import httpx
import typer

from services.cli.api import of_folder, of_server
from services.cli.progress import shown_progress
from services.cli.says import Stop, sentences
from services.cli.server_file import server_of
from services.cli.serving import run_async
from services.common.logs import set_up_logs
from services.common.sqlite import DatabaseBusyError
from services.migration.blogger import open_export
from services.migration.records import Export
from services.migration.report import Report
from services.migration.sender import Sender

app = typer.Typer(help="Bring a blog here from another system.", no_args_is_help=True)


@app.callback()
def imports() -> None:
    """Bring a blog here from another system."""


@app.command("blogger")
def import_blogger(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Backups of Blogger: blog-MM-DD-YYYY.xml, or feed.atom out of a Google Takeout.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ],
    data: Annotated[Path, typer.Option(help="The data folder to fill; no server may have it open.")] = Path("data"),
    host: Annotated[
        str | None,
        typer.Option(help="The blog's old host name, such as old.example.org. A Takeout file does not tell it."),
    ] = None,
    to: Annotated[str | None, typer.Option(help="The URL of a running gateway to import through.")] = None,
    key: Annotated[
        str | None, typer.Option(help="With --to: an API key with the scope import:run.", envvar="DATELINE_KEY")
    ] = None,
) -> None:
    """Import a Blogger blog: every post, page and comment, each at its old path.

    The same import may be run again: what is there already is left as it is. It ends with a report of what came in
    and what did not, and why.
    """
    with sentences():
        set_up_logs("auto", "error")
        exports = [open_export(file, host) for file in files]
        run_async(_import(exports, data, to, key))


async def _import(exports: list[Export], data: Path, to: str | None, key: str | None) -> None:
    report = Report()
    try:
        async with _api(data, to, key) as api:
            with shown_progress() as progress:
                for export in exports:
                    await Sender(api, progress, report).send(export)
    except DatabaseBusyError as exc:
        url = server_of(data, exc.pid) or "URL"
        raise Stop(
            f"A running server has {data} open. Stop it first, or import through it with --to {url} --key KEY, "
            f"where KEY is what `dateline key create --scopes import:run --data {data}` prints."
        ) from exc
    finally:
        for line in report.lines():
            print(line)


def _api(data: Path, to: str | None, key: str | None) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    if to is None:
        return of_folder(data)
    if key is None:
        raise Stop("--to needs --key, an API key with the scope import:run.")
    return of_server(to, key)
