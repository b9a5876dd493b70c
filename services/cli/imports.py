"""`dateline import`: content of other systems."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.destination import Data, Key, To, destination
from services.cli.import_comments import import_comments
from services.cli.running import run_async
from services.cli.says import sentences

if TYPE_CHECKING:
    from services.migration.records import Export

app = typer.Typer(help="Bring a blog, or its comments, here from another system.", no_args_is_help=True)
app.command("comments")(import_comments)


@app.callback()
def imports() -> None:
    """Bring a blog, or its comments, here from another system."""


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
    data: Data = Path("data"),
    host: Annotated[
        str | None,
        typer.Option(help="The blog's old host name, such as old.example.org. A Takeout file does not tell it."),
    ] = None,
    to: To = None,
    key: Key = None,
) -> None:
    """Import a Blogger blog: every post, page and comment, each at its old path.

    The same import may be run again: what is there already is left as it is. It ends with a report of what came in
    and what did not, and why.
    """
    with sentences():
        from services.common.logs import set_up_logs
        from services.migration.blogger import open_export

        set_up_logs("auto", "error")
        exports = [open_export(file, host) for file in files]
        run_async(_import(exports, data, to, key))


async def _import(exports: "list[Export]", data: Path, to: str | None, key: str | None) -> None:
    from services.cli.progress import shown_progress
    from services.migration.report import Report
    from services.migration.sender import Sender

    report = Report()
    try:
        async with destination(data, to, key) as api:
            with shown_progress() as progress:
                for export in exports:
                    await Sender(api, progress, report).send(export)
    finally:
        for line in report.lines():
            print(line)
