"""API keys as they are asked for, shown once, and checked."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.common.instants import InstantIn
from services.common.models import Input, Output
from services.common.text import Line

Scope = Literal[
    "posts:read-drafts", "posts:write", "posts:publish", "blog:write", "comments:moderate", "import:run", "keys:admin"
]


class NewKey(Input):
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    note: Annotated[Line, Field(max_length=200)] = ""
    expires: InstantIn | None = None


class KeyOut(Output):
    """`key` is shown this once; only its hash is kept."""

    id: str
    key: str
    scopes: list[Scope]
    note: str
    created: datetime
    expires: datetime | None


class KeyToCheck(Input):
    key: Annotated[str, Field(max_length=200)]


class CheckedKey(Output):
    principal: str
    scopes: list[Scope]
