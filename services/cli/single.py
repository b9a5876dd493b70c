"""One service alone, as containers run it."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.addresses import Host, Port
from services.cli.listening import listen
from services.cli.running import everything_is_loaded, run_async
from services.cli.says import sentences

if TYPE_CHECKING:
    from fastapi import FastAPI

    from services.common.settings import ServiceSettings


def serve_posts(port: Port = 8001, host: Host = "127.0.0.1") -> None:
    """Run the posts service alone.

    Needs DATELINE_POSTS_DATABASE_URL and DATELINE_SECRETS; see docs/settings.md. Only the gateway may call it.
    """
    with sentences():
        from services.posts.app import create_app
        from services.posts.settings import PostsSettings

        settings = PostsSettings.load()
        _serve_alone(settings, create_app(settings), host, port)


def serve_comments(port: Port = 8002, host: Host = "127.0.0.1") -> None:
    """Run the comments service alone.

    Needs DATELINE_COMMENTS_DATABASE_URL, DATELINE_POSTS_URL and DATELINE_SECRETS; see docs/settings.md. Only the
    gateway may call it.
    """
    with sentences():
        from services.comments.app import create_app
        from services.comments.settings import CommentsSettings

        settings = CommentsSettings.load()
        _serve_alone(settings, create_app(settings), host, port)


def serve_gateway(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the port.")] = 1,
) -> None:
    """Run the gateway alone: the one service that is published.

    Needs DATELINE_POSTS_URL, DATELINE_COMMENTS_URL, DATELINE_PUBLIC_URL and DATELINE_SECRETS; see docs/settings.md.
    """
    with sentences():
        from services.gateway.settings import GatewaySettings

        settings = GatewaySettings.load()
        if workers > 1:
            _serve_workers("services.gateway.app:create_app_from_environment", settings, host, port, workers)
            return
        from services.gateway.app import create_app

        _serve_alone(settings, create_app(settings), host, port)


def _serve_alone(settings: "ServiceSettings", app: "FastAPI", host: str, port: int) -> None:
    from services.cli.serving import serve
    from services.cli.started import started
    from services.common.logs import set_up_logs

    set_up_logs(settings.log_format, settings.log_level)

    async def run() -> None:
        listening = listen(host, port)
        async with started(app) as ready:
            everything_is_loaded()
            print(f"{app.title} listens on {host}:{port}", flush=True)
            await serve(ready, listening, settings)

    run_async(run())


def _serve_workers(factory: str, settings: "ServiceSettings", host: str, port: int, workers: int) -> None:
    from uvicorn.supervisors import Multiprocess

    from services.cli.serving import server_config

    config = server_config(factory, settings, factory=True, workers=workers, host=host, port=port)
    listening = listen(host, port)
    print(f"Dateline listens on {host}:{port} with {workers} workers", flush=True)
    Multiprocess(config, [listening]).run()
