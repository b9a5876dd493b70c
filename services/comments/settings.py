"""What the comments service is told."""

from pydantic import Field, field_validator

from services.common.quotas import parse_quotas
from services.common.settings import ServiceSettings
from services.common.smtp import SmtpServer, smtp_server


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
    comment_quota: str = Field(
        "2/min 10/h 30/day",
        description="Comments taken from one network, a /24 or a /64, per `min`, `h` or `day`; empty for any number.",
    )
    article_quota: str = Field("200/h", description="Comments taken under one article, in the same form.")
    comment_edit_minutes: int = Field(
        15, ge=0, le=10_000, description="Minutes for which authors may change and delete their comments."
    )

    @field_validator("comment_quota", "article_quota")
    @classmethod
    def _quotas_only(cls, value: str) -> str:
        parse_quotas(value)
        return value

    smtp_url: str = Field(
        "",
        repr=False,
        description="The server that takes mails to readers about replies: `smtp://USER:PASSWORD@HOST?from=ADDRESS`, "
        "`smtps://…` (docs/notifications.md). Without it nobody is asked for an address and nothing is sent.",
    )

    @field_validator("smtp_url")
    @classmethod
    def _usable(cls, value: str) -> str:
        if value:
            smtp_server(value)
        return value

    def mail_server(self) -> SmtpServer | None:
        """None without one: then there are no notifications."""
        return smtp_server(self.smtp_url) if self.smtp_url else None
