"""What the posts service is told."""

from pydantic import Field

from services.common.settings import ServiceSettings


class PostsSettings(ServiceSettings):
    posts_database_url: str = Field(
        "sqlite+aiosqlite:///data/posts.db",
        description="Where posts are kept: `sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://USER:PASSWORD@HOST/NAME`.",
    )
