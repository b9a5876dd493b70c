"""What the three services are told when they live in one data folder."""

from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import Struct

from services.comments.settings import CommentsSettings
from services.common.open_database import sqlite_url
from services.common.sqlite_lock import refuse_if_held
from services.gateway.settings import GatewaySettings
from services.posts.settings import PostsSettings

POSTS_FILE: Final = "posts.db"
Settings = TypeVar("Settings", PostsSettings, CommentsSettings, GatewaySettings)


class EmbeddedSettings(Struct, frozen=True):
    """Variables that are set win over the folder."""

    posts: PostsSettings
    comments: CommentsSettings
    gateway: GatewaySettings

    @classmethod
    def for_folder(cls, data: Path, public_url: str, **more: Any) -> "EmbeddedSettings":
        """Raises SettingsError."""
        folder: dict[str, Any] = {
            "public_url": public_url,
            "secrets": data / "secrets",
            "takedowns": data / "takedowns",
            "posts_database_url": sqlite_url(data / POSTS_FILE),
            "comments_database_url": sqlite_url(data / "comments.db"),
            **more,
        }
        return cls(_load(PostsSettings, folder), _load(CommentsSettings, folder), _load(GatewaySettings, folder))

    def posts_are_in(self, data: Path) -> bool:
        return self.posts.posts_database_url == sqlite_url(data / POSTS_FILE)

    def refuse_if_served(self, data: Path) -> None:
        """Raises DatabaseBusyError when a server has the folder, before a second is spent on making apps for it."""
        if self.posts_are_in(data):
            refuse_if_held(data / POSTS_FILE)


def _load(kind: type[Settings], folder: dict[str, Any]) -> Settings:
    set_by_operator = kind.load().model_fields_set
    return kind.load(
        **{name: value for name, value in folder.items() if name in kind.model_fields and name not in set_by_operator}
    )
