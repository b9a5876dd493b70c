"""What the comments service is told."""

from pydantic import Field

from services.common.settings import ServiceSettings


class CommentsSettings(ServiceSettings):
    comments_database_url: str = Field(
        "sqlite+aiosqlite:///data/comments.db",
        description="Where comments are kept: the same forms as `DATELINE_POSTS_DATABASE_URL`, another database.",
    )
