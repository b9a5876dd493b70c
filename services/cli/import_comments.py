"""`dateline import comments`: what was said elsewhere, brought to the posts that it was said of."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.destination import Data, Key, To, destination
from services.cli.running import run_async
from services.cli.says import Stop, sentences
from services.migration.comment_formats import Format

if TYPE_CHECKING:
    from services.migration.records import CommentExport

_SOURCE = re.compile(r"[A-Za-z0-9_:.-]{1,100}")


def import_comments(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Isso's database, a backup of Remark42, Disqus's unpacked XML, or comments as JSON, one a line.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ],
    form: Annotated[Format, typer.Option("--format", help="What the file is.")],
    source: Annotated[
        str | None,
        typer.Option(
            help="A name for the file's system, under which each comment comes in once. Two databases of Isso, or two "
            "files of JSON, need two names."
        ),
    ] = None,
    data: Data = Path("data"),
    to: To = None,
    key: Key = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come in.")] = False,
) -> None:
    """Import the comments of another comment system, each to the post at its page's path.

    A post is found by every path that it has or had, with or without .html or a slash at its end, whatever the host.
    The same import may be run again: what is there already is left as it is. It ends with a report of what came in
    and what did not, and why. E-mail addresses and IP addresses never come in.
    """
    with sentences():
        from services.common.logs import set_up_logs
        from services.migration.comment_files import open_comments

        set_up_logs("auto", "error")
        if source is not None and not _SOURCE.fullmatch(source):
            raise Stop("--source is made of 1 to 100 letters, digits and : . _ -")
        run_async(_import(open_comments(file, form, source), data, to, key, is_trial=dry_run))


async def _import(export: "CommentExport", data: Path, to: str | None, key: str | None, *, is_trial: bool) -> None:
    from services.cli.progress import shown_progress
    from services.migration.comment_sender import CommentSender
    from services.migration.report import Report

    report = Report()
    try:
        async with destination(data, to, key) as api:
            with shown_progress() as progress:
                await CommentSender(api, progress, report, is_trial).send(export)
    finally:
        for line in report.lines():
            print(line)
