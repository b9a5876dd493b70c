"""`dateline key`: API keys for programs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.running import run_async
from services.cli.says import Stop, sentences
from services.cli.server_file import server_of
from services.common.sqlite_lock import DatabaseBusyError

if TYPE_CHECKING:
    import httpx

app = typer.Typer(help="API keys for programs.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """API keys for programs."""


@app.command("create")
def create_key(
    scopes: Annotated[
        str,
        typer.Option(
            help="What the key may do, separated by commas or spaces: posts:read-drafts, posts:write, posts:publish, "
            "blog:write, comments:moderate, import:run, keys:admin."
        ),
    ],
    data: Annotated[Path, typer.Option(help="The data folder, whether a server has it open or not.")] = Path("data"),
    to: Annotated[
        str | None, typer.Option(help="A gateway's URL instead; DATELINE_SECRETS must name its secrets folder.")
    ] = None,
    note: Annotated[str, typer.Option(help="Whose key it is, for people.")] = "",
) -> None:
    """Make an API key and print it, alone, on standard output. It is shown this once."""
    wanted: dict[str, object] = {
        "scopes": scopes.replace(",", " ").split(),
        "note": note,
    }
    with sentences():
        from services.common.logs import set_up_logs

        set_up_logs("auto", "error")
        run_async(_create(wanted, data, to))


async def _create(wanted: dict[str, object], data: Path, to: str | None) -> None:
    from services.cli.api import of_folder, of_server
    from services.cli.folder_settings import EmbeddedSettings
    from services.gateway.operator_key import operator_key

    operator = operator_key(EmbeddedSettings.for_folder(data, "http://localhost").gateway.secrets)
    if to is not None:
        async with of_server(to, operator) as api:
            print(await _made(api, wanted))
        return
    try:
        async with of_folder(data) as api:
            print(await _made(api, wanted))
    except DatabaseBusyError as exc:
        if (url := server_of(data, exc.pid)) is None:
            raise
        async with of_server(url, operator) as api:
            print(await _made(api, wanted))


async def _made(api: "httpx.AsyncClient", wanted: dict[str, object]) -> str:
    import httpx

    try:
        answer = await api.post("/api/v1/keys", json=wanted)
    except httpx.HTTPError as exc:
        raise Stop(f"The server at {api.base_url} does not answer ({type(exc).__name__}).") from exc
    try:
        said = answer.json()
        if answer.is_error:
            details = [error["detail"] for error in said.get("errors", [])] or [said.get("detail", "")]
            raise Stop(f"{said['title']}: {'; '.join(details)}")
        key: str = said["key"]
    except (ValueError, KeyError, TypeError) as exc:
        raise Stop(f"{api.base_url} does not answer as Dateline does (status {answer.status_code}).") from exc
    return key
