"""What moderators block."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.models import Input
from services.common.text import Line

BlockKind = Literal["word", "link", "address"]


class NewBlock(Input):
    """`value` is words; a host, also with the beginning of a path; an IP address or network, or an `address_hash`."""

    kind: BlockKind
    value: Annotated[Line, Field(min_length=1, max_length=300, examples=["free gift cards"])]
    note: Annotated[Line, Field(max_length=500)] = ""


class Block(BaseModel):
    """`hits` are the comments that it met, the latest at `last_hit`; `made_by` is `operator` or `key:ID`."""

    id: str
    kind: BlockKind
    value: str
    note: str
    made_by: str
    made_at: datetime
    hits: int
    last_hit: datetime | None


class BlockList(BaseModel):
    items: list[Block]
