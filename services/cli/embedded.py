"""All three services in one process: the gateway with posts and comments inside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.cli.folder_settings import EmbeddedSettings
from services.cli.running import everything_is_loaded
from services.cli.started import StartedApp, started
from services.comments.app import create_app as create_comments
from services.common.in_process import InProcessTransport
from services.common.metrics import Metrics
from services.common.outgoing import Transport
from services.gateway.app import create_app as create_gateway
from services.posts.app import create_app as create_posts


@asynccontextmanager
async def embedded(settings: EmbeddedSettings) -> AsyncIterator[StartedApp]:
    """The gateway, started, with the others behind it; raises DatabaseBusyError when a server has the folder."""
    metrics = Metrics()
    async with started(create_posts(settings.posts, metrics=metrics)) as posts:
        inside: dict[str, Transport] = {"posts": InProcessTransport(posts.app, posts.state)}
        async with started(create_comments(settings.comments, transports=inside, metrics=metrics)) as comments:
            inside["comments"] = InProcessTransport(comments.app, comments.state)
            async with started(create_gateway(settings.gateway, inside, metrics)) as gateway:
                everything_is_loaded()
                yield gateway
