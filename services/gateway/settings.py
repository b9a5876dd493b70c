"""What the gateway is told."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from services.common.settings import ServiceSettings
from services.gateway.client_address import parse_networks


class GatewaySettings(ServiceSettings):
    posts_url: str = Field(
        "http://127.0.0.1:8001", description="Where comments and the gateway reach the posts service."
    )
    comments_url: str = Field("http://127.0.0.1:8002", description="Where the gateway reaches the comments service.")
    posts_timeout_s: float = Field(2.0, gt=0, description="Seconds that a page waits for posts before it is a 503.")
    comments_timeout_s: float = Field(
        0.25, gt=0, description="Seconds that a page waits for comments before it is shown without them."
    )
    write_timeout_s: float = Field(5.0, gt=0, description="Seconds that a write may take before it is a 503.")
    import_timeout_s: float = Field(120.0, gt=0, description="Seconds that one batch of an import may take.")
    requests_at_once: int = Field(
        16,
        ge=1,
        description="Reads that a gateway process works on at a time; four times as many wait, the rest are told to "
        "come back. Writes, which wait for a disk together, are as many in all.",
    )
    comments_per_page: int = Field(200, ge=1, le=200, description="Comments shown with an article before a next page.")
    comments_order: Literal["oldest", "newest"] = Field(
        "oldest", description="Which comments stand first, `oldest` or `newest`; the replies to each are oldest first."
    )
    comments_depth: int = Field(
        6, ge=0, le=12, description="How deep replies are set in on pages; what answers deeper ones stands beside them."
    )
    related_shown: int = Field(
        5,
        ge=0,
        le=20,
        description="Related links shown with an article, picked ones included, where the blog does not say.",
    )
    allowed_hosts: str = Field(
        "", description="Further host names that are served, separated by commas; loopback names always are."
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses and networks, separated by spaces, of proxies before the gateway whose "
        "`X-Forwarded-For` is believed.",
    )

    cache_mb: int = Field(
        160, ge=0, description="Megabytes of finished pages that each gateway process keeps; 0 keeps none."
    )
    shared_cache_s: int = Field(
        10, ge=0, le=86400, description="Seconds for which caches in front of the gateway may show a page unasked."
    )

    takedowns: Path = Field(
        Path("data/takedowns"),
        description="File in which gateway processes of one machine tell each other what was taken down.",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks_only(cls, value: str) -> str:
        parse_networks(value)
        return value
