"""Authors as they are written and read."""

from typing import Annotated

from pydantic import AfterValidator, Field

from services.common.ids import IdOut
from services.common.models import Input, Output
from services.common.text import Line, Text
from services.common.urls import http_url


def _web_url(url: str) -> str:
    return http_url(url).geturl()


Name = Annotated[Line, Field(min_length=1, max_length=200)]
About = Annotated[Text, Field(max_length=2000)]
WebUrl = Annotated[Line, Field(max_length=2000), AfterValidator(_web_url)]


class NewAuthor(Input):
    name: Name
    url: WebUrl | None = None
    about: About = ""
    picture_url: WebUrl | None = None


class AuthorPatch(Input):
    name: Name = ""
    url: WebUrl | None = None
    about: About = ""
    picture_url: WebUrl | None = None


class AuthorProfileOut(Output):
    """`url` is the author's own page; `live_count` the live posts that bear the name."""

    id: IdOut
    name: str
    url: str | None
    about: str
    picture_url: str | None
    live_count: int
    version: int


class AuthorsOut(Output):
    items: list[AuthorProfileOut]
    next_cursor: str | None
