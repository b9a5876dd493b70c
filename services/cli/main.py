"""The `dateline` command: its sub-commands, one file a group."""

import gc
import os

import typer

from services.cli import exports, imports, keys, rebuild
from services.cli.serve import serve_all
from services.cli.single import serve_comments, serve_gateway, serve_posts

app = typer.Typer(
    help="Dateline, a self-hosted publishing backend: articles, comments and related links.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve_all)
app.command("posts")(serve_posts)
app.command("comments")(serve_comments)
app.command("gateway")(serve_gateway)
app.add_typer(keys.app, name="key")
app.add_typer(imports.app, name="import")
app.add_typer(exports.app, name="export")
app.add_typer(rebuild.app, name="rebuild")


def main() -> None:
    """No garbage is looked for until everything is loaded: it takes a fifth of the start and finds nothing. Nor are
    plugins of pydantic, for which it reads what every installed package says of itself.
    """
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    app()
