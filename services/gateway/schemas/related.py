"""Rules for the related posts of one post, and the work of making all lists anew."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from services.common.ids import Id
from services.common.models import Input


class RelatedRules(Input):
    """What is left out is as it is without rules. Null: as the blog's settings say."""

    pinned: Annotated[
        tuple[Id, ...], Field(max_length=20, description="Posts that stand before linked and computed ones, in order.")
    ] = ()
    forbidden: Annotated[
        tuple[Id, ...],
        Field(max_length=100, description="Posts not to be shown as linked or computed on the page of this one."),
    ] = ()
    computed: Annotated[Literal["on", "off"] | None, Field(description="`off`: only picked and pinned ones.")] = None
    shown: Annotated[int | None, Field(ge=0, le=20, description="Related posts that its page is filled up to.")] = None


class RulesOfPost(BaseModel):
    pinned: list[str]
    forbidden: list[str]
    computed: Literal["on", "off"] | None
    shown: int | None


class RelatedProgress(BaseModel):
    """Posts that wait to be read, to be weighed and for a list, and all that are known."""

    unread: int
    unweighed: int
    unlisted: int
    known: int


class RelatedRebuilt(BaseModel):
    """How many posts this step had read anew. Without `next_cursor` all of them are; the work goes on by itself."""

    done: int
    next_cursor: str | None
