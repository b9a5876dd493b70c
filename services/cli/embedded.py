"""All three services in one process: the gateway with posts and comments inside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from services.comments.app import create_app as create_comments
from services.comments.settings import CommentsSettings
from services.common.in_process import InProcessTransport
from services.common.open_database import sqlite_url
from services.common.outgoing import Transport
from services.gateway.app import create_app as create_gateway
from services.gateway.settings import GatewaySettings
from services.posts.app import create_app as create_posts
from services.posts.settings import PostsSettings

POSTS_FILE: Final = "posts.db"
Settings = TypeVar("Settings", PostsSettings, CommentsSettings, GatewaySettings)


@dataclass(frozen=True, slots=True)
class StartedApp:
    """An app whose lifespan has begun, with the state that it yielded for its requests."""

    app: FastAPI
    state: dict[str, Any]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "state": dict(self.state)}, receive, send)


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[StartedApp]:
    async with app.router.lifespan_context(app) as state:
        yield StartedApp(app, dict(state or {}))


@dataclass(frozen=True, slots=True)
class EmbeddedSettings:
    """What the three are told when they live in one data folder; variables that are set win over the folder."""

    posts: PostsSettings
    comments: CommentsSettings
    gateway: GatewaySettings

    @classmethod
    def for_folder(cls, data: Path, public_url: str) -> "EmbeddedSettings":
        """Raises SettingsError."""
        folder: dict[str, Any] = {
            "public_url": public_url,
            "secrets": data / "secrets",
            "posts_database_url": sqlite_url(data / POSTS_FILE),
            "comments_database_url": sqlite_url(data / "comments.db"),
        }
        return cls(_load(PostsSettings, folder), _load(CommentsSettings, folder), _load(GatewaySettings, folder))

    def posts_are_in(self, data: Path) -> bool:
        return self.posts.posts_database_url == sqlite_url(data / POSTS_FILE)


def _load(kind: type[Settings], folder: dict[str, Any]) -> Settings:
    set_by_operator = kind.load().model_fields_set
    return kind.load(
        **{name: value for name, value in folder.items() if name in kind.model_fields and name not in set_by_operator}
    )


@asynccontextmanager
async def embedded(settings: EmbeddedSettings) -> AsyncIterator[StartedApp]:
    """The gateway, started, with the others behind it; raises DatabaseBusyError when a server has the folder."""
    async with started(create_posts(settings.posts)) as posts:
        inside: dict[str, Transport] = {"posts": InProcessTransport(posts.app, posts.state)}
        async with started(create_comments(settings.comments, transports=inside)) as comments:
            inside["comments"] = InProcessTransport(comments.app, comments.state)
            async with started(create_gateway(settings.gateway, inside)) as gateway:
                yield gateway
