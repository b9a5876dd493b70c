"""`dateline rebuild`: what is only derived, made anew."""

from pathlib import Path
from typing import Annotated, Final

import typer

from services.cli.destination import Key, Need, ThisData, ThisTo, destination
from services.cli.running import run_async
from services.cli.says import sentences

app = typer.Typer(help="Make anew what is only derived.", no_args_is_help=True)
_NEED: Final = Need("rebuild", "import:run", is_there=True)


@app.callback()
def rebuilds() -> None:
    """Make anew what is only derived."""


@app.command("comments")
def rebuild(data: ThisData = Path("data"), to: ThisTo = None, key: Key = None) -> None:
    """Count the comments of every thread anew, and ask the posts service for everything that comments follow.

    Comments may be written meanwhile. It ends when the comments service knows all posts as they are; one that was
    interrupted is simply run again.
    """
    with sentences():
        from services.common.logs import set_up_logs

        set_up_logs("auto", "error")
        run_async(_rebuild(data, to, key))


async def _rebuild(data: Path, to: str | None, key: str | None) -> None:
    from services.cli.progress import shown_progress
    from services.migration.rebuild import rebuild_comments

    async with destination(data, to, key, _NEED) as api:
        with shown_progress() as progress:
            done = await rebuild_comments(api, progress)
    print(f"threads: {done.threads} counted, {done.mended} of them had wrong numbers")
    print(f"posts: {done.posts} known")


@app.command("related")
def related(
    data: ThisData = Path("data"),
    to: ThisTo = None,
    key: Key = None,
    watch: Annotated[bool, typer.Option(help="Only show how far that is, as after an import.")] = False,
) -> None:
    """Read all posts anew, weigh their words, and make the lists of related posts again.

    Posts may be written meanwhile; lists stay as they are until they are made. What is asked for is kept: interrupted,
    the service goes on with it, and the same with --watch shows how far it is.
    """
    with sentences():
        from services.common.logs import set_up_logs

        set_up_logs("auto", "error")
        run_async(_related(data, to, key, only_watch=watch))


async def _related(data: Path, to: str | None, key: str | None, *, only_watch: bool) -> None:
    from services.cli.progress import shown_progress
    from services.migration.rebuild_related import rebuild_related, watch_related

    async with destination(data, to, key, _NEED) as api:
        with shown_progress() as progress:
            known = await (watch_related if only_watch else rebuild_related)(api, progress)
    print(f"posts: {known} related")
