"""`dateline serve`: everything in one process."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.addresses import Data, Host, Port
from services.cli.listening import listen
from services.cli.running import run_async
from services.cli.says import sentences
from services.cli.server_file import server_file

if TYPE_CHECKING:
    from services.cli.folder_settings import EmbeddedSettings


def serve_all(
    data: Data = Path("data"),
    port: Port = 8000,
    host: Host = "127.0.0.1",
    demo: Annotated[bool, typer.Option("--demo", help="Fill the folder with demo content if it is empty.")] = False,
) -> None:
    """Run posts, comments and gateway in one process, with SQLite files in one folder.

    Readers and programs reach http://HOST:PORT. DATELINE_PUBLIC_URL names another address that readers use, and every
    other DATELINE_* setting holds as well (docs/settings.md).
    """
    with sentences():
        from services.cli.folder_settings import EmbeddedSettings
        from services.common.logs import set_up_logs

        settings = EmbeddedSettings.for_folder(data, f"http://{_shown(host)}:{port}")
        set_up_logs(settings.gateway.log_format, settings.gateway.log_level)
        listening = listen(host, port)
        settings.refuse_if_served(data)
        run_async(_serve(settings, data, listening, f"http://{_shown(host)}:{port}", demo=demo))


async def _serve(settings: "EmbeddedSettings", data: Path, listening: socket.socket, url: str, *, demo: bool) -> None:
    from services.cli.api import in_this_process
    from services.cli.demo import fill_with_demo, wants_demo
    from services.cli.embedded import embedded
    from services.cli.serving import serve

    # posts that are kept elsewhere than in the folder are somebody's own
    fill = demo and settings.posts_are_in(data) and wants_demo(data)
    async with embedded(settings) as gateway:
        if fill:
            async with in_this_process(gateway, settings.gateway.secrets) as api:
                await fill_with_demo(api, data)
        with server_file(data, url):
            print(f"Dateline serves {data} at {settings.gateway.public_url}", flush=True)
            await serve(gateway, listening, settings.gateway)


def _shown(host: str) -> str:
    """A host as it stands in a URL that this machine can open."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
