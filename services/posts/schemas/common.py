"""What the schemas share: strictness, limits, and the checks of single fields."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from services.common.ids import Id
from services.common.models import Input
from services.common.text import Line
from services.common.urls import http_url
from services.posts.domain.paths import checked_path

MAX_LABELS = 20
MAX_LINKS = 20
MAX_BODY_CHARS = 1_000_000


def link_target(url: str) -> str:
    """An http(s) URL or a path of the blog; raises ValueError."""
    if "\\" in url:  # browsers take it for a slash, and /\\host for another site
        raise ValueError("must not hold a backslash")
    if url.startswith("/") and not url.startswith("//"):
        return url
    return http_url(url).geturl()


Title = Annotated[Line, Field(max_length=500)]
Label = Annotated[Line, Field(min_length=1, max_length=100)]
Path = Annotated[str, AfterValidator(checked_path)]
LinkTarget = Annotated[Line, Field(max_length=2000), AfterValidator(link_target)]


class LinkIn(Input):
    """A picked related link: to a post of the blog by its id, or to a URL. To a post it needs no headline."""

    headline: Annotated[Line, Field(min_length=1, max_length=300)] | None = None
    url: LinkTarget | None = None
    post_id: Id | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.url is None and self.post_id is None:
            raise ValueError("give a url or a post_id")
        return self
