"""What the comments service is told."""

from pydantic import Field

from services.common.settings import ServiceSettings


class CommentsSettings(ServiceSettings):
    comments_database_url: str = Field(
        "sqlite+aiosqlite:///data/comments.db",
        description="Where comments are kept: the same forms as `DATELINE_POSTS_DATABASE_URL`, another database.",
    )
    posts_url: str = Field(
        "http://127.0.0.1:8001", description="Where comments and the gateway reach the posts service."
    )
    comment_filter: bool = Field(
        default=True, description="Whether what a learned filter takes for spam waits for a moderator (docs/filter.md)."
    )
