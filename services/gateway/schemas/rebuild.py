"""A rebuild of what the comments service derives, step by step."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.models import Input


class RebuildStep(Input):
    """Without a cursor the rebuild begins; then `next_cursor` of the step before."""

    cursor: Annotated[str, Field(max_length=100)] | None = None


class Rebuilt(BaseModel):
    """`done`: of threads those of this step, of posts all so far. Without `next_cursor` everything is done.

    `posts_answer` is false while the comments service does not reach the posts service.
    """

    part: Literal["threads", "posts"]
    done: int
    mended: int
    posts_answer: bool
    next_cursor: str | None
