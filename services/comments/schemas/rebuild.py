"""A rebuild, step by step."""

from typing import Annotated, Literal

from pydantic import Field

from services.common.models import Input, Output


class RebuildStep(Input):
    """Without a cursor it begins."""

    cursor: Annotated[str, Field(max_length=100)] | None = None


class RebuiltOut(Output):
    """`done` of threads are those of this step, of posts all so far. Without `next_cursor` everything is done."""

    part: Literal["threads", "posts"]
    done: int
    mended: int
    posts_answer: bool
    next_cursor: str | None
