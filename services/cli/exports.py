"""`dateline export`: content for a file, to be kept or to move elsewhere."""

from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli.destination import Need, ThisData, ThisTo, destination
from services.cli.running import run_async
from services.cli.says import sentences

app = typer.Typer(help="Write what is here into a file.", no_args_is_help=True)
_NEED: Final = Need("export", "import:run,comments:moderate", is_there=True)


@app.callback()
def exports() -> None:
    """Write what is here into a file."""


@app.command("comments")
def export_comments(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Where to write; packed by gzip if it ends in .gz.", dir_okay=False),
    ],
    data: ThisData = Path("data"),
    to: ThisTo = None,
    key: Annotated[
        str | None,
        typer.Option(
            help="With --to: an API key with the scopes import:run and comments:moderate.", envvar="DATELINE_KEY"
        ),
    ] = None,
) -> None:
    """Write all comments into a file, in every state, as JSON, one a line.

    `dateline import comments FILE --format ndjson` brings them to the same posts elsewhere, or back here: with their
    ids, times, states and threads. FILE is replaced when all of it is written, so the same export may be run again.
    E-mail addresses and IP addresses never leave.
    """
    with sentences():
        from services.common.logs import set_up_logs

        set_up_logs("auto", "error")
        run_async(_export(file, data, to, key))


async def _export(file: Path, data: Path, to: str | None, key: str | None) -> None:
    from services.cli.progress import shown_progress
    from services.migration.comment_writer import write_comments

    async with destination(data, to, key, _NEED) as api:
        with shown_progress() as progress:
            count = await write_comments(api, progress, file)
    print(f"comments: {count} exported to {file}")
