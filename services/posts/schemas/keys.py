"""API keys as they are asked for, shown once, and checked."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from services.common.text import Line
from services.posts.schemas.common import Output, Strict

Scope = Literal["posts:read-drafts", "posts:write", "posts:publish", "comments:moderate", "import:run", "keys:admin"]


class NewKey(Strict):
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    note: Annotated[Line, Field(max_length=200)] = ""
    expires: AwareDatetime | None = None


class KeyOut(Output):
    """`key` is shown this once; only its hash is kept."""

    id: str
    key: str
    scopes: list[Scope]
    note: str
    created: datetime
    expires: datetime | None


class KeyToCheck(Strict):
    key: Annotated[str, Field(max_length=200)]


class CheckedKey(Output):
    principal: str
    scopes: list[Scope]
