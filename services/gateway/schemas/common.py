"""What several schemas share: names of things and how long they may be."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.text import Line

Kind = Literal["post", "page"]
State = Literal["draft", "scheduled", "live", "trashed"]
BodyFormat = Literal["html", "markdown"]
CommentPolicy = Annotated[
    Literal["open", "closed", "hidden"],
    Field(description="`open`; `closed`: the thread stays, without a form; `hidden`: no thread at all."),
]
Label = Annotated[Line, Field(min_length=1, max_length=100)]
