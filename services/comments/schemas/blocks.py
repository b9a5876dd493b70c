"""What moderators block."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.comments.domain.block_values import Kind
from services.common.ids import IdOut
from services.common.models import Input, Output
from services.common.text import Line


class NewBlock(Input):
    kind: Kind
    value: Annotated[Line, Field(min_length=1, max_length=300)]
    note: Annotated[Line, Field(max_length=500)] = ""


class BlockOut(Output):
    """`hits` are the comments that it met, the latest at `last_hit`; `made_by` is `operator` or `key:ID`."""

    id: IdOut
    kind: Kind
    value: str
    note: str
    made_by: str
    made_at: datetime
    hits: int
    last_hit: datetime | None


class BlocksOut(Output):
    items: list[BlockOut]
