"""API keys as they are asked for and shown once."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.instants import InstantIn
from services.common.models import Input
from services.common.text import Line

Scope = Literal[
    "posts:read-drafts", "posts:write", "posts:publish", "blog:write", "comments:moderate", "import:run", "keys:admin"
]


class NewKey(Input):
    scopes: Annotated[list[Scope], Field(min_length=1, examples=[["posts:write", "posts:publish"]])]
    note: Annotated[Line, Field(max_length=200, description="Whose key it is, for people.")] = ""
    expires: InstantIn | None = None


class Key(BaseModel):
    """`key` is shown this once."""

    id: str
    key: str
    scopes: list[Scope]
    note: str
    created: datetime
    expires: datetime | None
